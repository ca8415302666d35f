"""What the clipboard holds after copying in the programs that units write with, by hand after the real shapes."""

# Word 2016, Chinese: numbers as mso-list:Ignore, VML in comments, source lines broken within sentences, tracked changes.
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"
xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View><w:PunctuationKerning/></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {mso-style-parent:""; text-indent:21.0pt; font-family:等线;} @list l0:level1 {mso-level-text:"%1、";} --></style>
</head><body lang=ZH-CN style='tab-interval:21.0pt'>
<!--StartFragment-->
<h1><span style='font-family:黑体'>秋季安全检查<span lang=EN-US><o:p></o:p></span></span></h1>
<p class=MsoListParagraph style='margin-left:36.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span lang=EN-US
style='mso-fareast-font-family:等线'><span style='mso-list:Ignore'>一、<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]><b style='mso-bidi-font-weight:normal'>检查安</b><b>排</b><span lang=EN-US><o:p></o:p></span></p>
<p class=MsoNormal style='text-indent:21.0pt'>　　九月三日，青浦局组织<span lang=EN-US>16</span>家企业开展秋季安全
检查。检查组看了<a href="https://example.org/site">分拨中心</a>，<del cite="mailto:a" datetime="2026-09-03T10:00">不</del><ins
cite="mailto:a" datetime="2026-09-03T10:00">逐项</ins>记录问题<span class=MsoCommentReference><span lang=EN-US
style='font-size:10.5pt'><a class=msocomanchor id="_anchor_1" href="#_msocom_1">[L1]</a></span></span>。<span lang=EN-US><o:p></o:p></span></p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span lang=EN-US style='font-family:Wingdings'><span
style='mso-list:Ignore'>l<span style='font:7.0pt "Times New Roman"'>&nbsp; </span></span></span><![endif]>消防通道畅通<span
lang=EN-US><o:p></o:p></span></p>
<p class=MsoNormal align=center style='text-align:center'><!--[if gte vml 1]><v:shape id="p1" style='width:200pt'>
<v:imagedata src="file:///C:/Temp/msohtmlclip1/01/clip_image001.png"/></v:shape><![endif]--><![if !vml]><img width=267 height=200
src="file:///C:/Temp/msohtmlclip1/01/clip_image002.jpg" v:shapes="p1"><![endif]></p>
<table class=MsoTableGrid border=1 cellspacing=0><tr><td width=200 valign=top><p class=MsoNormal>企业<o:p></o:p></p></td><td
colspan=2><p class=MsoNormal>问题数</p></td></tr><tr><td><p class=MsoNormal>甲企业</p></td><td><p>2</p></td><td><p>已改</p></td></tr></table>
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<!--EndFragment--></body></html>"""

# WPS Writer: one span for each run, styles of its own, numbers as plain spans in conditions.
WPS = """<html><head><meta charset="utf-8"></head><body><!--StartFragment-->
<p class=MsoNormal align=justify style="mso-list:l0 level1 lfo1;" ><!--[if !supportLists]--><span style="mso-list:Ignore;" ><span
style="font-family:仿宋;" ><font face="仿宋" >（一）</font></span></span><!--[endif]--><span style="font-family:仿宋;" ><font
face="仿宋" >加强宣传引导</font></span></p>
<p class=MsoNormal style="text-indent:32.0000pt;mso-char-indent-count:2.0000;" ><span style="font-family:仿宋;mso-spacerun:'yes';" ><font
face="仿宋" >&nbsp;&nbsp;&nbsp;&nbsp;快递小哥</font></span><span style="text-decoration:line-through;" >原来</span><span
style="mso-bidi-font-weight:normal;" >走进社区，向居民讲解寄递知识。</span><span style="mso-spacerun:'yes';" ><o:p></o:p></span></p>
<!--EndFragment--></body></html>"""

# A page of 微信 in Chrome: sections, spans with computed styles, pictures that load late, no indents but blanks.
WEB = """<meta charset='utf-8'><section style="margin: 0px; visibility: visible; white-space: normal;"><section><p style="margin: 0px;"><strong
style="font-weight: 700;"><span style="color: rgb(62, 62, 62);">社区里的夜间服务点</span></strong></p></section><p style="text-indent: 2em;"><span
leaf="">&nbsp; &nbsp; 每天晚上七点以后，</span><span style="font-weight: bold;">三处网点</span><span leaf="">仍有人值守。</span></p><p><br></p><section
style="text-align: center;"><img class="rich_pages" data-src="https://mmbiz.example/1.png" style="width: 578px; height: auto;"><img
src="https://res.example/emoji.png" alt="[微笑]" width="20" height="20"></section><p>居民说，下班后也能寄件了。<br>服务点还备有雨伞。</p><blockquote><p>“方便多了。”</p></blockquote><iframe
class="video_iframe" src="https://v.example/x"></iframe></section>"""

EXCEL = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><style><!--table {mso-displayed-decimal-separator:"\\.";}--></style></head>
<body link="#0563C1"><table border=0 cellpadding=0 cellspacing=0 width=192 style='border-collapse:collapse'>
<!--StartFragment--><col width=64 span=3 style='width:48pt'>
<tr height=19 style='height:14.25pt'><td height=19 class=xl65 width=64 x:str>区县</td><td class=xl65>网点</td><td class=xl65>件量<br
style='mso-data-placement:same-cell'>（万件）</td></tr>
<tr height=19><td class=xl66>青浦</td><td class=xl66 align=right x:num>16</td><td x:num="3.8">3.8</td></tr>
<!--EndFragment--></table></body></html>"""

PLAIN = "　　九月三日，青浦局开展检查。\r\n\r\n    二、下一步打算\r\n继续加强 A<B 的宣传。\r\n"

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # a PNG of one dot
