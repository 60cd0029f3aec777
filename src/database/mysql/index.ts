/** @module limber/database/mysql: MySQL and MariaDB. Importing it does not load the ORM. */
export { type MysqlConfig, mysql } from './mysql-driver.ts'
