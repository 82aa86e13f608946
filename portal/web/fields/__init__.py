"""Forms: fields that print themselves through our components and speak in whole sentences."""

from portal.web.fields.choices import CheckField, ChecksField, ChoiceField, SelectField, YesNoField
from portal.web.fields.dates import DateField
from portal.web.fields.files import FileField, FilesField
from portal.web.fields.forms import BaseForm, csrf_field
from portal.web.fields.numbers import DecimalField, IntegerField, MoneyField
from portal.web.fields.texts import HiddenField, LongTextField, PasswordField, TextField

__all__ = [
    "BaseForm",
    "CheckField",
    "ChecksField",
    "ChoiceField",
    "DateField",
    "DecimalField",
    "FileField",
    "FilesField",
    "HiddenField",
    "IntegerField",
    "LongTextField",
    "MoneyField",
    "PasswordField",
    "SelectField",
    "TextField",
    "YesNoField",
    "csrf_field",
]
