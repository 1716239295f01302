//! Results as a picture that everybody can read: text is text, every bar has its figure beside it, and what
//! is hidden is hatched and has no length.

use klankbord_domain::Cell;

use super::markup::{escaped, lines};
use super::view::{Bar, Part, View};
use super::words::Tongue;

/// How wide a picture is where nothing else is asked for. Pixels.
pub(in crate::consultations) const WIDTH: i64 = 720;
/// How far from its side everything stands.
const SIDE: i64 = 16;
/// How much room there is for a figure beside the longest bar.
const FIGURE: i64 = 134;
/// How far beside its place the word for what is hidden stands.
const MARK: i64 = 44;
/// How high a line of text is.
const LINE: i64 = 20;
/// How wide a letter is, at most nearly always: a small one, and one of a title. Tenths of a pixel.
const LETTER: i64 = 82;
const TITLE_LETTER: i64 = 104;
/// How many groups are drawn at most; the table holds them all.
const MOST_PARTS: usize = 100;
/// Dark on white: 8 to 1 for bars, 17 to 1 for text.
const BAR: &str = "#1f4e79";
const INK: &str = "#1a1a1a";
const PAPER: &str = "#ffffff";

/// A picture on its way.
struct Sheet<'a> {
    /// What it is called after.
    view: &'a View,
    tongue: &'a Tongue,
    width: i64,
    /// What is drawn so far, and where the next line comes.
    drawn: String,
    at: i64,
}

/// The picture of these results, called as the first, so many pixels wide, as SVG 1.1.
pub(in crate::consultations) fn picture(views: &[View], tongue: &Tongue, width: i64) -> String {
    let Some(view) = views.first() else { return String::new() };
    let mut sheet = Sheet { view, tongue, width, drawn: String::new(), at: SIDE };
    for one in views {
        sheet.at += if one.id == view.id { 0 } else { LINE };
        for line in lines(&one.title, sheet.letters(0, TITLE_LETTER)) {
            sheet.text(SIDE, &line, "font-size=\"18\" font-weight=\"bold\"", LINE + 4);
        }
        if let Some((what, _)) = one.counted {
            sheet.small(what);
        }
        for part in one.parts.iter().take(MOST_PARTS) {
            sheet.part(part, one);
        }
        if one.parts.len() > MOST_PARTS {
            sheet.small(tongue.say("De andere groepen staan in de tabel.", "The other groups are in the table."));
        }
    }
    if views.iter().all(|view| view.parts.is_empty()) {
        sheet.small(tongue.say("Er is niets te tonen.", "There is nothing to show."));
    }
    let told = views.iter().filter(|one| !one.parts.is_empty());
    let words: Vec<String> = told.map(|one| one.words(tongue, one.id != view.id)).collect();
    sheet.framed(&if words.is_empty() { view.words(tongue, false) } else { words.join(" ") })
}

impl Sheet<'_> {
    /// How many letters of this width fit in a line that begins so far from its side.
    fn letters(&self, beside: i64, wide: i64) -> usize {
        usize::try_from((self.width - 2 * SIDE - beside) * 10 / wide).unwrap_or(1)
    }

    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        self.drawn.push_str(&text.to_string());
    }

    /// A line of text; the next one comes so much lower.
    fn text(&mut self, left: i64, text: &str, style: &str, height: i64) {
        let base = self.at + 15;
        self.put(format_args!("<text x=\"{left}\" y=\"{base}\" fill=\"{INK}\" {style}>{}</text>\n", escaped(text)));
        self.at += height;
    }

    fn small(&mut self, text: &str) {
        for line in lines(text, self.letters(0, LETTER)) {
            self.text(SIDE, &line, "", LINE);
        }
    }

    fn part(&mut self, part: &Part, view: &View) {
        self.at += 10;
        for line in
            part.heading().iter().flat_map(|heading| lines(heading, self.letters(0, TITLE_LETTER))).collect::<Vec<_>>()
        {
            self.text(SIDE, &line, "font-weight=\"bold\"", LINE);
        }
        for bar in &part.bars {
            self.bar(bar, part, view);
        }
        self.at += 4;
        let base = self.tongue.base(part.base, self.view.minimum);
        self.small(&base);
        if let Some(mean) = part.mean(self.tongue) {
            self.small(&mean);
        }
    }

    fn bar(&mut self, bar: &Bar, part: &Part, view: &View) {
        self.at += 4;
        self.small(&bar.label);
        let told = view.figure(bar, self.tongue);
        let top = self.at;
        match bar.count {
            Cell::Shown(count) => {
                let length = length(count, part, self.width - 2 * SIDE - FIGURE);
                self.put(format_args!(
                    "<rect x=\"{SIDE}\" y=\"{top}\" width=\"{length}\" height=\"{LINE}\" fill=\"{BAR}\"/>\n"
                ));
                self.text(SIDE + length + 8, &told, "", LINE + 4);
            }
            Cell::Suppressed(_) => {
                self.put(format_args!(
                    "<rect x=\"{SIDE}\" y=\"{top}\" width=\"36\" height=\"{LINE}\" fill=\"url(#{})\" stroke=\"{INK}\"/>\n",
                    self.id("hidden")
                ));
                for line in lines(&told, self.letters(MARK, LETTER)) {
                    self.text(SIDE + MARK, &line, "font-style=\"italic\"", LINE + 4);
                }
            }
        }
    }

    fn id(&self, what: &str) -> String {
        format!("{what}-{}", self.view.id)
    }

    /// With its frame: what it is called and says, for who doesn't see it.
    fn framed(&self, words: &str) -> String {
        let height = self.at + SIDE;
        let (title, said, hidden) = (self.id("title"), self.id("desc"), self.id("hidden"));
        let (name, words) = (escaped(&self.view.title), escaped(words));
        let (tag, width) = (self.tongue.tag(), self.width);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             role=\"img\" aria-labelledby=\"{title} {said}\" xml:lang=\"{tag}\" font-family=\"sans-serif\" font-size=\"14\">\n\
             <title id=\"{title}\">{name}</title>\n<desc id=\"{said}\">{words}</desc>\n\
             <defs><pattern id=\"{hidden}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
             <path d=\"M0 6L6 0\" stroke=\"{INK}\" stroke-width=\"1.5\"/></pattern></defs>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"{PAPER}\"/>\n{}</svg>\n",
            self.drawn
        )
    }
}

/// How long the bar of so many is, where that of everybody is the longest: beside all who answered, or beside the most where that isn't told.
fn length(count: i64, part: &Part, longest: i64) -> i64 {
    let most = part.bars.iter().filter_map(|bar| bar.count.figure()).max();
    let all = part.base.figure().or(most).filter(|all| *all > 0);
    all.map_or(0, |all| (count * longest / all).clamp(0, longest))
}
