import type { Router } from 'limber/http'
import { BooksController } from './controllers/books-controller.ts'
import { HomeController } from './controllers/home-controller.ts'
import { destroyBook, listBooks, restoreBook, showBook, storeBook, updateBook } from './validators/books.ts'

export default (router: Router) => {
  router.get('/', [HomeController, 'welcome'])

  router.resource('/books/:book', BooksController, {
    index: listBooks,
    store: storeBook,
    show: showBook,
    update: updateBook,
    destroy: destroyBook,
  })
  router.post('/books/:book/restore', [BooksController, 'restore'], restoreBook)
}
