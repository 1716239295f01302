//! By what it is seen to that each answers an anonymous consultation once, and until when what
//! was heard of one that closed can be entered.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // What stands open may have been promised either way.
        let by = ColumnDef::new("one_answer_by").text().not_null().default("either").to_owned();
        for column in [by, ColumnDef::new("entries_until_on").date().to_owned()] {
            manager.alter_table(Table::alter().table("consultations").add_column(column).to_owned()).await?;
        }
        let named = Query::update()
            .table("consultations")
            .value("one_answer_by", "invitation")
            .and_where(Expr::col("mode").ne("anonymous"))
            .to_owned();
        manager.execute(named).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["entries_until_on", "one_answer_by"] {
            manager.alter_table(Table::alter().table("consultations").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
