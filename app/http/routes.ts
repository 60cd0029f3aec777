import type { Router } from 'limber/http'
import { BooksController } from './controllers/books-controller.ts'
import { HomeController } from './controllers/home-controller.ts'
import { destroyBook, listBooks, showBook, storeBook, updateBook } from './validators/books.ts'

export default (router: Router) => {
  router.get('/', [HomeController, 'welcome'])
  router.get('/health', [HomeController, 'status'])

  router.get('/books', [BooksController, 'index'], listBooks)
  router.post('/books', [BooksController, 'store'], storeBook)
  router.get('/books/:id', [BooksController, 'show'], showBook)
  router.patch('/books/:id', [BooksController, 'update'], updateBook)
  router.delete('/books/:id', [BooksController, 'destroy'], destroyBook)
  router.post('/books/:id/restore', [BooksController, 'restore'], showBook)
}
