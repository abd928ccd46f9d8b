"""Templates: cotton components first, partials around the cached loaders; order matters."""

# cotton compiles <c-…> tags, partials must wrap the whole chain.
_LOADERS = [
    (
        "template_partials.loader.Loader",
        [
            (
                "django.template.loaders.cached.Loader",
                [
                    "django_cotton.cotton_loader.Loader",
                    "django.template.loaders.app_directories.Loader",
                ],
            )
        ],
    )
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": _LOADERS,
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "django.templatetags.static",
                "django.templatetags.i18n",
                "minamo.kernel.ui.templatetags.minamo",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "minamo.kernel.ui.context.page",
            ],
        },
    }
]
# Forms render through our own components, never through Django's default widgets' markup.
COTTON_DIR = "cotton"
