import type { Router } from 'limber/http'

export default (router: Router) => {
  router.get('/own', () => 'own')
}
