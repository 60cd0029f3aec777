import type { Router } from 'limber/http'
import { BooksController } from './controllers/books-controller.ts'
import { HomeController } from './controllers/home-controller.ts'
import { LoginController } from './controllers/login-controller.ts'
import { MeController } from './controllers/me-controller.ts'
import { logIn, showMe } from './validators/auth.ts'
import { destroyBook, listBooks, restoreBook, showBook, storeBook, updateBook } from './validators/books.ts'

export default (router: Router) => {
  router.get('/', [HomeController, 'welcome'])

  router.post('/login', [LoginController, 'store'], logIn)
  router.get('/me', [MeController, 'show'], showMe)

  router.resource('/books/:book', BooksController, {
    index: listBooks,
    store: storeBook,
    show: showBook,
    update: updateBook,
    destroy: destroyBook,
  })
  router.post('/books/:book/restore', [BooksController, 'restore'], restoreBook)
}
