//! A card's QR code for a screen of characters, as PNG and as SVG: whole modules only, with a quiet zone around them.

use anggota::card::qr::QUIET_ZONE;
use anggota::client::{CardView, CheckpointView};

/// Pixels for each module in a picture: a code of 65 modules and its quiet zone is 584 pixels wide.
const SCALE: usize = 8;
/// Black on white, whatever the terminal's own colours (ECMA-48 SGR, 256 colours), and back.
const INK: &str = "\u{1b}[38;5;16;48;5;231m";
const PLAIN: &str = "\u{1b}[0m";

/// A code with its quiet zone.
struct Modules<'a> {
    bits: &'a [bool],
    inner: usize,
}

impl<'a> Modules<'a> {
    fn of(card: &'a CardView) -> Self {
        Self { bits: &card.bits, inner: card.modules.into() }
    }

    /// Modules on a side, with the quiet zone.
    fn width(&self) -> usize {
        self.inner + 2 * QUIET_ZONE
    }

    /// Whether a module is dark; outside the code everything is light.
    fn is_dark(&self, column: usize, row: usize) -> bool {
        let inside = |place: usize| place.checked_sub(QUIET_ZONE).filter(|&place| place < self.inner);
        let (Some(column), Some(row)) = (inside(column), inside(row)) else { return false };
        self.bits.get(row * self.inner + column).copied().unwrap_or_default()
    }
}

/// Two modules in each character. In colour it is black on white; without, the characters are what is dark, as on paper.
pub(super) fn terminal(card: &CardView, in_colour: bool) -> String {
    characters(&Modules::of(card), in_colour)
}

/// The same of a checkpoint that two devices hold side by side.
pub(crate) fn checkpoint(view: &CheckpointView, in_colour: bool) -> String {
    characters(&Modules { bits: &view.bits, inner: view.modules.into() }, in_colour)
}

fn characters(modules: &Modules<'_>, in_colour: bool) -> String {
    let mut text = String::new();
    for row in (0..modules.width()).step_by(2) {
        text.push_str(if in_colour { INK } else { "" });
        text.extend((0..modules.width()).map(|column| {
            match (modules.is_dark(column, row), modules.is_dark(column, row + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            }
        }));
        text.push_str(if in_colour { PLAIN } else { "" });
        text.push('\n');
    }
    text
}

/// A PNG of one bit for each pixel: 1 is white.
pub(super) fn png(card: &CardView) -> Result<Vec<u8>, png::EncodingError> {
    let modules = Modules::of(card);
    let side = modules.width() * SCALE;
    let mut pixels = Vec::with_capacity(side * side.div_ceil(8));
    for row in 0..modules.width() {
        let mut line = vec![0_u8; side.div_ceil(8)];
        for pixel in (0..side).filter(|pixel| !modules.is_dark(pixel / SCALE, row)) {
            line[pixel / 8] |= 0x80 >> (pixel % 8);
        }
        (0..SCALE).for_each(|_| pixels.extend_from_slice(&line));
    }
    let mut file = Vec::new();
    // A side is at most (177 + 8) * 8, so it fits.
    let mut encoder = png::Encoder::new(&mut file, side as u32, side as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(file)
}

/// An SVG whose unit is a module: each run of dark modules is one piece of one path.
pub(super) fn svg(card: &CardView) -> String {
    let modules = Modules::of(card);
    let (width, side) = (modules.width(), modules.width() * SCALE);
    let mut path = String::new();
    for row in 0..width {
        let mut column = 0;
        while column < width {
            let run = (column..width).take_while(|&column| modules.is_dark(column, row)).count();
            if run > 0 {
                path.push_str(&format!("M{column} {row}h{run}v1h-{run}z"));
            }
            column += run.max(1);
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{side}\" height=\"{side}\" viewBox=\"0 0 {width} {width}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{width}v{width}h-{width}z\"/>\
         <path fill=\"#000\" d=\"{path}\"/></svg>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Not a code that can be read, but one whose every module is known.
    fn card() -> CardView {
        let bits = (0..65 * 65).map(|place| (place / 65 + place % 65) % 3 == 0).collect();
        CardView { text: String::new(), modules: 65, bits, expires_in: 30 }
    }

    fn expected(column: usize, row: usize) -> bool {
        (4..69).contains(&column) && (4..69).contains(&row) && (column + row - 8).is_multiple_of(3)
    }

    #[test]
    fn a_png_reads_back_as_its_modules_and_a_quiet_zone() {
        let file = png(&card()).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height, info.bit_depth), (584, 584, png::BitDepth::One));
        for (x, y) in (0..584).flat_map(|y| (0..584).map(move |x| (x, y))) {
            let white = pixels[y * info.line_size + x / 8] & (0x80 >> (x % 8)) != 0;
            assert_eq!(white, !expected(x / SCALE, y / SCALE), "pixel {x} {y}");
        }
    }

    #[test]
    fn the_characters_are_two_modules_each() {
        let text = terminal(&card(), false);
        let lines: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
        assert_eq!(lines.len(), 37);
        for (column, row) in (0..74).flat_map(|row| (0..73).map(move |column| (column, row))) {
            let dark = match lines[row / 2][column] {
                '█' => true,
                '▀' => row % 2 == 0,
                '▄' => row % 2 == 1,
                _ => false,
            };
            assert_eq!(dark, expected(column, row), "module {column} {row}");
        }
    }

    #[test]
    fn an_svg_draws_each_dark_module_once() {
        let svg = svg(&card());
        let path = svg.split("fill=\"#000\" d=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let mut dark = vec![false; 73 * 73];
        for run in path.split('M').skip(1) {
            let numbers: Vec<usize> = run.split([' ', 'h', 'v']).take(3).map(|word| word.parse().unwrap()).collect();
            (numbers[0]..numbers[0] + numbers[2]).for_each(|column| {
                assert!(!std::mem::replace(&mut dark[numbers[1] * 73 + column], true));
            });
        }
        assert!((0..73 * 73).all(|place| dark[place] == expected(place % 73, place / 73)));
        assert!(svg.contains("width=\"584\"") && svg.contains("viewBox=\"0 0 73 73\""));
    }
}
