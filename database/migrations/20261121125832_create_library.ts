import { Migration } from 'limber/database'

export class CreateLibrary extends Migration {
  override async up() {
    await this.execute(
      'create table `author` (`id` integer not null primary key autoincrement, `name` text not null)',
    )
    await this.execute(
      'create table `book` (`id` integer not null primary key autoincrement, `title` text not null, `author_id` integer not null, `deleted_at` datetime null, constraint `book_author_id_foreign` foreign key (`author_id`) references `author` (`id`))',
    )
    await this.execute('create index `book_author_id_index` on `book` (`author_id`)')
    await this.execute(
      'create table `user` (`id` integer not null primary key autoincrement, `name` text not null, `email` text not null)',
    )
    await this.execute('create unique index `user_email_unique` on `user` (`email`)')
  }

  override async down() {
    await this.execute('drop table if exists `author`')
    await this.execute('drop table if exists `book`')
    await this.execute('drop table if exists `user`')
  }
}
