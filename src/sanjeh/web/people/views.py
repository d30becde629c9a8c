"""The welcome of an invited person, the choice of a language, and whether the site is well."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.auth import login, password_validation
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanjeh.web.people import invitations, trial
from sanjeh.web.people.invitations import InvitationError

YEAR = 365 * 24 * 3600


class WelcomeForm(forms.Form):
    """A name and a password for a new account."""

    username = forms.CharField(max_length=150, validators=[User.username_validator])
    password = forms.CharField(widget=forms.PasswordInput)

    def clean_username(self) -> str:
        """A name that nobody has yet."""
        name = str(self.cleaned_data["username"])
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError("taken", code="taken")
        return name

    def clean_password(self) -> str:
        """A password that is not easily guessed."""
        password = str(self.cleaned_data["password"])
        password_validation.validate_password(password)
        return password


@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, secret: str) -> HttpResponse:
    """Make the account of an invitation, and sign in."""
    try:
        invitations.find(secret)
    except InvitationError:
        return render(request, "web/welcome_gone.html", status=410)
    form = WelcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = invitations.accept(
            secret, form.cleaned_data["username"], form.cleaned_data["password"]
        )
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return HttpResponseRedirect("/")
    return render(request, "web/welcome.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def try_out(request: HttpRequest, secret: str) -> HttpResponse:
    """Sign in to the example's own account, and go to its console."""
    try:
        user = trial.accept(secret)
    except trial.TrialError:
        return render(request, "web/welcome_gone.html", status=410)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponseRedirect(reverse("console"))


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language that the reader chose, and go back."""
    code = request.POST.get("code", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    if code in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR, samesite="Lax",
            secure=settings.IS_HTTPS,
        )  # fmt: skip
    return response


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """That the site answers."""
    return HttpResponse("ok", content_type="text/plain")
