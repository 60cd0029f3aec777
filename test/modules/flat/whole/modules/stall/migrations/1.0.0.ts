import { Migration } from 'limber/database'

const [id, reference, time] = {
  sqlite: ['integer not null primary key autoincrement', 'integer', 'datetime'],
  postgres: ['serial primary key', 'integer', 'timestamptz'],
  mysql: ['int unsigned not null auto_increment primary key', 'int unsigned', 'datetime'],
}[process.env.DIALECT ?? 'sqlite'] ?? ['']

export class MakeBooks extends Migration {
  override async up() {
    await this.execute(`create table author (id ${id}, name varchar(100) not null, deleted_at ${time} null)`)
    await this.execute(
      `create table book (id ${id}, edition integer not null, author_id ${reference} not null, deleted_at ${time} null, constraint book_author foreign key (author_id) references author (id) on delete cascade)`,
    )
  }

  override async down() {
    await this.execute('drop table book')
    await this.execute('drop table author')
  }
}
