"""Returned mail as the mail systems write it, made up here: every name, address and number is invented."""

from base64 import b64encode
from email import message_from_string
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

OURS = "<7.12.0123456789abcdef@bulletin.example>"
ADDRESS = "zhang@post.example"

_HEAD = """\
Return-Path: <>
Date: Wed, 8 Apr 2026 09:12:31 +0800
From: {sender}
To: {to}
Subject: {subject}
{more}MIME-Version: 1.0
"""


def _message(sender, subject, more, rest, to="bulletin@office.example"):
    return (_HEAD.format(sender=sender, to=to, subject=subject, more=more) + rest).replace("\n", "\r\n").encode()


def _original(message_id, address, subject="bulletin"):
    return (
        f"Received: from web (localhost [127.0.0.1]) by mail.office.example (Postfix) with ESMTP id 4F\n"
        f"From: Office <bulletin@office.example>\nTo: {address}\nSubject: {subject}\nMessage-ID: {message_id}\n"
    )


def postfix(
    message_id=OURS, address=ADDRESS, *, action="failed", status="5.1.1", to="bulletin@office.example", said=""
):
    said = said or f"550 {status} <{address}>: Recipient address rejected: User unknown in virtual mailbox table"
    is_delay = action == "delayed"
    subject = "Delayed Mail (still being retried)" if is_delay else "Undelivered Mail Returned to Sender"
    more = 'Auto-Submitted: auto-replied\nContent-Type: multipart/report; report-type=delivery-status;\n boundary="4FzQ.1712538751/mail"\n'
    return _message(
        "MAILER-DAEMON@mail.office.example (Mail Delivery System)",
        subject,
        more,
        f"""
This is a MIME-encapsulated message.

--4FzQ.1712538751/mail
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mail.office.example.

<{address}>: host mx.post.example[192.0.2.7] said: {said} (in reply to RCPT TO command)

--4FzQ.1712538751/mail
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.office.example
X-Postfix-Queue-ID: 4FzQ1
Arrival-Date: Wed,  8 Apr 2026 09:12:30 +0800 (CST)

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822;{address}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.post.example
Diagnostic-Code: smtp; {said}

--4FzQ.1712538751/mail
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

{_original(message_id, address)}
--4FzQ.1712538751/mail--
""",
        to=to,
    )


def exim(message_id=OURS, address=ADDRESS):
    """Without a report by the standard: the address in a header, the rest in words."""
    return _message(
        "Mail Delivery System <Mailer-Daemon@mx.post.example>",
        "Mail delivery failed: returning message to sender",
        f"X-Failed-Recipients: {address}\nAuto-Submitted: auto-replied\nContent-Type: text/plain; charset=utf-8\n",
        f"""
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {address}
    host mx.post.example [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<{address}>:
    550 5.2.2 mailbox full, message rejected: over quota

------ This is a copy of the message's headers. ------

{_original(message_id, address)}
""",
    )


def exchange(message_id=OURS, address=ADDRESS):
    report = MIMEMultipart("report", boundary="_000_ex_", **{"report-type": "delivery-status"})
    report["From"] = "Microsoft Outlook <MicrosoftExchange329e71ec88ae@post.example>"
    report["To"] = "bulletin@office.example"
    report["Subject"] = "未送达: 【请签收】青浦邮政简报"
    report["In-Reply-To"] = message_id
    report["Auto-Submitted"] = "auto-replied"
    report.attach(
        MIMEText(f"<p>未能向以下收件人传递邮件: {address}</p><p>找不到你输入的电子邮件地址。</p>", "html", "utf-8")
    )
    status = MIMEBase("message", "delivery-status")
    status.set_payload(
        [
            message_from_string("Reporting-MTA: dns;EX01.post.example\n\n"),
            message_from_string(
                f"Final-recipient: RFC822;{address}\nAction: failed\nStatus: 5.1.10\n"
                "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient\n not found by SMTP address lookup\n"
            ),
        ]
    )
    report.attach(status)
    return report.as_bytes()


def qq(
    message_id="",
    address="zhang@qq.example",
    words="收件人邮件地址（{address}）不存在，邮件无法送达。",
    said="550 Mailbox not found.",
):
    """Words alone, in base64 and HTML; the original is attached whole, or not at all."""
    html = f"""<html><head><style>p {{ color: red }}</style></head><body><div>
<h1>抱歉，您的邮件被退回来了……</h1>
<table><tr><td>原邮件主题：</td><td>简报</td></tr><tr><td>收件人：</td><td><a href="mailto:{address}">{address}</a></td></tr>
<tr><td>退信原因：</td><td>{words.format(address=address)}<br>host mx.qq.example said: {said}</td></tr>
<tr><td>解决方案：</td><td>请核对收件人的邮箱地址，或确认邮箱空间是否已满、域名是否正确。</td></tr></table></div></body></html>"""
    mail = MIMEMultipart("mixed")
    mail["From"], mail["To"] = "QQ <PostMaster@qq.example>", "bulletin@office.example"
    mail["Subject"] = f"=?gb18030?B?{b64('系统退信'.encode('gb18030'))}?="
    mail.attach(MIMEText(html, "html", "gb18030"))
    if message_id:
        original = MIMEText(_original(message_id, address), "plain", "utf-8")
        original.replace_header("Content-Type", "application/octet-stream")
        original["Content-Disposition"] = 'attachment; filename="sendmail.eml"'
        mail.attach(original)
    return mail.as_bytes()


def netease(
    message_id=OURS, address="zhang@163.example", words="550 User not found: zhang@163.example", text="用户不存在"
):
    """Plain text in GBK, without saying which charset it is."""
    body = f"""您的邮件无法送达以下收件人：
{address}

失败原因：{text}
远程服务器返回： {words}

----- 原始邮件 -----
Message-ID: {message_id}
主题：本月投诉渠道不存在问题，邮箱已满的情况已解决
"""
    head = (
        "From: Postmaster@163.example\nTo: bulletin@office.example\nSubject: =?GBK?B?"
        f"{b64('系统退信/Systems bounce'.encode('gbk'))}?=\nContent-Type: text/plain\nContent-Transfer-Encoding: 8bit\n\n"
    )
    return head.encode() + body.encode("gbk")


def away(message_id=OURS, subject="自动回复：【请签收】简报"):
    mail = MIMEText("您好，我出差在外，来信收到。旧邮箱已不存在，请写到新邮箱。", "plain", "utf-8")
    mail["From"], mail["To"], mail["Subject"] = "zhang@post.example", "bulletin@office.example", subject
    mail["Auto-Submitted"], mail["In-Reply-To"] = "auto-replied", message_id
    return mail.as_bytes()


def answer(text="收到，谢谢。", message_id=OURS):
    """A person wrote back."""
    mail = MIMEText(text, "plain", "utf-8")
    mail["From"], mail["To"], mail["Subject"] = "zhang@post.example", "bulletin@office.example", "回复：简报"
    mail["In-Reply-To"] = message_id
    return mail.as_bytes()


def nested(depth):
    """A message in a message in a message…"""
    head = b"From: MAILER-DAEMON@x.example\r\nSubject: Undelivered\r\n"
    parts = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (number, number) for number in range(depth)
    )
    return head + parts + b"Content-Type: text/plain\r\n\r\n550 User unknown\r\n"


def b64(content):
    return b64encode(content).decode()
