import { Migration } from 'limber/database'

export class CreateUserProfiles extends Migration {
  override async up() {
    await this.execute(
      'create table user_profiles (user_id bigint not null primary key, display_name varchar(100) not null, points integer not null default 0)',
    )
  }

  override async down() {
    await this.execute('drop table user_profiles')
  }
}
