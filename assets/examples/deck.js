// Starts the deck of reveal.html.
"use strict";
Reveal.initialize({ hash: true, width: 1060, height: 700, margin: 0.03 });
