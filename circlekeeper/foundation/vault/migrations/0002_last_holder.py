"""The triggers, apart from the tables so that making the table migration anew does not lose them."""

from django.db import migrations

from circlekeeper.foundation.vault import lastholder


def _run(schema_editor, statements):
    # A cursor of its own: schema_editor.execute would read a "%" as a parameter.
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def put_up(apps, schema_editor):
    if schema_editor.connection.alias == "default":
        _run(schema_editor, lastholder.create(schema_editor.connection.vendor))


def take_down(apps, schema_editor):
    if schema_editor.connection.alias == "default":
        _run(schema_editor, lastholder.drop(schema_editor.connection.vendor))


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]
    operations = [migrations.RunPython(put_up, take_down)]
