import { Migration } from 'limber/database'

export class CreateUserGameProfiles extends Migration {
  override async up() {
    await this.execute(
      `create table user_game_profiles (id bigint not null primary key, player_title varchar(100) not null default 'turtle egg', money integer not null default 0, level integer not null default 0, attack integer not null default 10, defense integer not null default 20)`,
    )
  }

  override async down() {
    await this.execute('drop table user_game_profiles')
  }
}
