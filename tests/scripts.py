"""Three hundred texts that run as a script wherever a page takes them for markup; each would set `window.__ran`."""

from __future__ import annotations

from itertools import product

# How a text may break out of where it was put: plain text, attributes, comments, raw elements, other kinds of markup.
OPENERS = (
    "",
    '">',
    "'>",
    "</p>",
    "</title>",
    "</textarea>",
    "</script>",
    "--><!---->",
    "]]>",
    "<svg>",
    '" ',
    "`;",
    "\u2028",
)
# What it then does. Short, since names and labels take eighty letters.
PAYLOADS = (
    "<script>{run}</script>",
    "<ScRiPt >{run}//",
    "<img src=x onerror={run}>",
    "<svg/onload={run}>",
    "<svg><a xlink:href=javascript:{run}>x",
    "<a href=javascript:{run}>x</a>",
    "<a href=' java&#9;script:{run}'>x</a>",
    "<iframe srcdoc='<script>{run}</script>'>",
    "<body onload={run}>",
    "<details open ontoggle={run}>",
    "<input autofocus onfocus={run}>",
    "<video><source onerror={run}>",
    "<math><mtext><img src=x onerror={run}>",
    "<form action=javascript:{run}><button>",
    "<object data=javascript:{run}>",
    "<style>@import 'javascript:{run}'</style>",
    "<base href=javascript:{run}//>",
    "<meta http-equiv=refresh content='0;javascript:{run}'>",
    "<img/src='x'onerror={run}>",
    "<template><script>{run}</script></template>",
    "onmouseover={run} autofocus onfocus={run} x=",
    "javascript:{run}",
    "{{{{constructor.constructor('{run}')()}}}}",
    "${{{run}}}",
)
SCRIPTS = [
    opener + payload.format(run=f"__ran={number}")
    for number, (payload, opener) in enumerate(product(PAYLOADS, OPENERS))
][:300]
