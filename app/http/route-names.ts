// The names of the routes, for router.url(). Written by: limber routes --types
import 'limber/http'

declare module 'limber/http' {
  interface NamedRoutes {
    'books.destroy': '/books/:book'
    'books.index': '/books'
    'books.restore': '/books/:book/restore'
    'books.show': '/books/:book'
    'books.store': '/books'
    'books.update': '/books/:book'
  }
}
