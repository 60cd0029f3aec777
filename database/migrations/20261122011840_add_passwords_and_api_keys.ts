import { Migration } from 'limber/database'

export class AddPasswordsAndApiKeys extends Migration {
  override async up() {
    await this.execute(
      'create table `api_key` (`id` integer not null primary key autoincrement, `name` text not null, `prefix` text not null, `digest` text not null, `abilities` json not null, `expires_at` datetime null, `user_id` integer not null, `deleted_at` datetime null, constraint `api_key_user_id_foreign` foreign key (`user_id`) references `user` (`id`))',
    )
    await this.execute(
      'create unique index `api_key_prefix_unique` on `api_key` (`prefix`) where `deleted_at` is null',
    )
    await this.execute('create index `api_key_user_id_index` on `api_key` (`user_id`)')
    await this.execute('drop index `user_email_unique`')
    await this.execute('alter table `user` add column `password_hash` text null')
    await this.execute('alter table `user` add column `deleted_at` datetime null')
    await this.execute(
      'create unique index `user_email_unique` on `user` (`email`) where `deleted_at` is null',
    )
  }

  override async down() {
    await this.execute('drop table if exists `api_key`')
    await this.execute('drop index `user_email_unique`')
    await this.execute('alter table `user` drop column `password_hash`')
    await this.execute('alter table `user` drop column `deleted_at`')
    await this.execute('create unique index `user_email_unique` on `user` (`email`)')
  }
}
