//! Line charts as SVG, one beside the other: entries to the right, each tenfold a step; upwards from 0.

use std::fmt::Write;

const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 44.0;
const BOTTOM: f64 = 40.0;
const TOP: f64 = 64.0;
const RIGHT: f64 = 34.0;
/// Horizontal lines above 0.
const STEPS: u32 = 4;
const COLOURS: [&str; 2] = ["#0b6e4f", "#b5651d"];

/// One chart.
pub(crate) struct Chart {
    pub(crate) title: &'static str,
    pub(crate) lines: Vec<Line>,
}

/// What is drawn in it, a point for each number of entries.
pub(crate) struct Line {
    pub(crate) name: &'static str,
    pub(crate) points: Vec<f64>,
}

/// All charts over the same numbers of entries.
pub(crate) fn draw(entries: &[u64], charts: &[Chart]) -> String {
    let (width, height) = (WIDTH * charts.len() as f64, HEIGHT + TOP);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    for (place, chart) in charts.iter().enumerate() {
        let _infallible = writeln!(svg, "<g transform=\"translate({} 0)\">", WIDTH * place as f64);
        panel(&mut svg, entries, chart);
        svg.push_str("</g>\n");
    }
    svg.push_str("</svg>\n");
    svg
}

fn panel(svg: &mut String, entries: &[u64], chart: &Chart) {
    let most = chart.lines.iter().flat_map(|line| &line.points).fold(0.0, |most: f64, value| most.max(*value));
    let step = nice(most / f64::from(STEPS));
    let top = step * f64::from(STEPS);
    let x = |at: usize| LEFT + (WIDTH - LEFT - RIGHT) * at as f64 / (entries.len() - 1).max(1) as f64;
    let y = |value: f64| TOP + (HEIGHT - BOTTOM) * (1.0 - value / top);
    let _infallible = writeln!(svg, "<text x=\"{LEFT}\" y=\"16\" font-weight=\"bold\">{}</text>", chart.title);
    for mark in 0..=STEPS {
        let value = step * f64::from(mark);
        let _infallible = writeln!(
            svg,
            "<path d=\"M{LEFT} {y:.1}H{right}\" stroke=\"#ddd\"/><text x=\"{label}\" y=\"{base:.1}\" \
             text-anchor=\"end\">{value}</text>",
            y = y(value),
            right = WIDTH - RIGHT,
            label = LEFT - 6.0,
            base = y(value) + 4.0,
            value = (value * 100.0).round() / 100.0,
        );
    }
    for (at, count) in entries.iter().enumerate() {
        let _infallible = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            x(at),
            TOP + HEIGHT - BOTTOM + 18.0,
            grouped(*count)
        );
    }
    for (number, line) in chart.lines.iter().enumerate() {
        let colour = COLOURS[number % COLOURS.len()];
        let points: Vec<String> =
            line.points.iter().enumerate().map(|(at, value)| format!("{:.1},{:.1}", x(at), y(*value))).collect();
        let legend = 32.0 + 14.0 * number as f64;
        let _infallible = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n\
             <text x=\"{LEFT}\" y=\"{legend}\" fill=\"{colour}\">{}</text>",
            points.join(" "),
            line.name
        );
        for (at, value) in line.points.iter().enumerate() {
            let _infallible =
                writeln!(svg, "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\" fill=\"{colour}\"/>", x(at), y(*value));
        }
    }
}

/// The next of 1, 2, 2.5, 5 times a power of ten.
fn nice(value: f64) -> f64 {
    let power = 10_f64.powf(value.max(f64::MIN_POSITIVE).log10().floor());
    let factor = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|factor| factor * power >= value);
    factor.unwrap_or(10.0) * power
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let parts: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(|part| std::str::from_utf8(part).unwrap()).collect();
    parts.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_holds_every_point() {
        let chart = Chart { title: "t", lines: vec![Line { name: "n", points: vec![1.0, 3.9] }] };
        let svg = draw(&[10_000, 1_000_000], &[chart]);
        assert_eq!(svg.matches("<circle").count(), 2);
        assert!(svg.contains(">10,000<") && svg.contains(">1,000,000<") && svg.contains(">4<"), "{svg}");
    }

    #[test]
    fn steps_are_round_numbers() {
        assert_eq!([0.9, 1.1, 2.2, 4.0, 70.0].map(nice), [1.0, 2.0, 2.5, 5.0, 100.0]);
    }
}
