from django.shortcuts import render

from . import todo


def home(request):
    """What this person is asked to do, and below it what they watch."""
    request.todo = todo.counts(request.user)  # the menu's too
    tasks, total = todo.tasks(request.user, request.todo), sum(request.todo.values())
    context = {"tasks": tasks, "total": total, "more": max(0, total - len(tasks)), **todo.watched(request.user)}
    return render(request, "home.html", context)
