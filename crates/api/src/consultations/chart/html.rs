//! The same as a table, for who doesn't see the picture or wants the figures.

use super::markup::escaped;
use super::view::View;
use super::words::Tongue;

/// A table for each of these that there is something to say of; the first where there is nothing at all.
pub(in crate::consultations) fn tables(views: &[View], tongue: &Tongue) -> String {
    let some: Vec<&View> = views.iter().filter(|view| !view.parts.is_empty()).collect();
    let shown = if some.is_empty() { views.iter().take(1).collect() } else { some };
    shown.into_iter().map(|view| table(view, tongue)).collect()
}

/// One accessible table: a row for each answer, a column for everybody or for each group. A fragment, to be put
/// in a page.
fn table(view: &View, tongue: &Tongue) -> String {
    let mut html = String::new();
    let mut put = |text: std::fmt::Arguments<'_>| html.push_str(&text.to_string());
    let counted = view.counted.map(|(what, _)| format!(" ({what})")).unwrap_or_default();
    let caption = escaped(&format!("{}{counted}", view.title));
    put(format_args!("<table lang=\"{}\"><caption>{caption}</caption>\n<thead><tr>", tongue.tag()));
    put(format_args!("<th scope=\"col\">{}</th>", tongue.say("Antwoord", "Answer")));
    for part in &view.parts {
        let heading = part.heading().unwrap_or_else(|| tongue.say("Iedereen", "Everybody").to_owned());
        put(format_args!("<th scope=\"col\">{}</th>", escaped(&heading)));
    }
    put(format_args!("</tr></thead>\n<tbody>\n"));
    let rows = view.parts.first().map(|part| part.bars.as_slice()).unwrap_or_default();
    for (at, row) in rows.iter().enumerate() {
        put(format_args!("<tr><th scope=\"row\">{}</th>", escaped(&row.label)));
        for part in &view.parts {
            let told = part.bars.get(at).map(|bar| view.figure(bar, tongue));
            put(format_args!("<td>{}</td>", escaped(&told.unwrap_or_default())));
        }
        put(format_args!("</tr>\n"));
    }
    put(format_args!("</tbody>\n<tfoot><tr><th scope=\"row\">{}</th>", tongue.say("Antwoordden (n)", "Answered (n)")));
    for part in &view.parts {
        put(format_args!("<td>{}</td>", escaped(&tongue.count(part.base, None, view.minimum))));
    }
    put(format_args!("</tr>"));
    if view.parts.iter().any(|part| part.mean_hundredths.is_some()) {
        put(format_args!("\n<tr><th scope=\"row\">{}</th>", tongue.say("Gemiddelde", "Mean")));
        for part in &view.parts {
            let mean = part.mean_hundredths.map(|mean| tongue.hundredths(mean)).unwrap_or_default();
            put(format_args!("<td>{mean}</td>"));
        }
        put(format_args!("</tr>"));
    }
    put(format_args!("</tfoot></table>\n"));
    html
}
