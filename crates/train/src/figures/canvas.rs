//! The look that all figures share: sizes, colours, fonts, the frame with its title, and axes. It knows no kind of figure.

use super::axis::Axis;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Where one draws.
pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// A pair of axes, and where one draws by their numbers.
pub type Chart<'a, 'text> = ChartContext<'a, SVGBackend<'text>, Cartesian2d<Axis, Axis>>;
/// What came of drawing. Text in memory takes everything, so that errors do not arise.
pub type Drawn<T = ()> = Result<T, DrawingAreaErrorKind<std::io::Error>>;

/// Behind everything.
pub const BACKGROUND: RGBColor = RGBColor(255, 255, 255);
/// Titles, labels and numbers.
pub const INK: RGBColor = RGBColor(38, 38, 46);
/// Axes, and text that steps back.
pub const SOFT: RGBColor = RGBColor(110, 114, 124);
/// The lines of the grid.
pub const FAINT: RGBColor = RGBColor(228, 230, 235);
/// The height of the title's line.
pub const TITLE: i32 = 40;

/// Colours that people with any colour vision tell apart (M. Okabe and K. Ito, "Color Universal Design", 2008); the pale yellow is
/// left out, which is invisible on white.
const PALETTE: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(60, 60, 60),
];

/// The colour of the part with this number.
pub fn colour(number: usize) -> RGBColor {
    PALETTE[number % PALETTE.len()]
}

/// Whether the line of the part with this number is dashed, because its colour was taken before.
pub fn dashed(number: usize) -> bool {
    number / PALETTE.len() % 2 == 1
}

/// The style of text of `size` pixels at a position that is the middle of its height.
pub fn text(size: f64, colour: RGBColor, side: HPos) -> TextStyle<'static> {
    // The backend takes sizes for those of a line, and writes the font's.
    ("sans-serif", size * 1.24).into_font().color(&colour).pos(Pos::new(side, VPos::Center))
}

/// The width that a text of `size` pixels takes, roughly: fonts differ.
pub fn width(label: &str, size: f64) -> i32 {
    (label.chars().count() as f64 * size * 0.56).ceil() as i32
}

/// SVG text of a figure beside what is drawn through the backend, whose coordinates are whole pixels.
#[derive(Default)]
pub struct Layers {
    /// What lies on the background, under all else.
    pub under: String,
    /// What lies over all else.
    pub over: String,
}

/// A figure with a title: `content` draws into the area, whose upper [`TITLE`] pixels belong to the title, and gives the layers.
pub fn draw(title: &str, size: (i32, i32), content: impl FnOnce(&Area<'_>) -> Drawn<Layers>) -> String {
    let mut svg = String::new();
    let (wide, high) = size;
    let drawn = {
        let area = SVGBackend::with_string(&mut svg, (wide as u32, high as u32)).into_drawing_area();
        let style = text(17.0, INK, HPos::Center).transform(FontTransform::None);
        area.fill(&BACKGROUND)
            .and_then(|()| area.draw(&Text::new(title, (wide / 2, TITLE / 2), style)))
            .and_then(|()| content(&area))
            .and_then(|layers| area.present().map(|()| layers))
    };
    let Layers { under, over } = drawn.expect("text in memory takes what is drawn");
    // The first element that ends is the background.
    let behind = svg.find("/>").map_or(0, |at| at + 2);
    svg.insert_str(behind, &format!("\n{under}"));
    let end = svg.rfind("</svg>").unwrap_or(svg.len());
    svg.insert_str(end, &over);
    svg
}

/// The part of `area` below its first `top` pixels.
pub fn below<'a>(area: &Area<'a>, top: i32) -> Area<'a> {
    area.split_vertically(top).1
}

/// A pair of axes with their marks, numbers and grid.
pub fn axes<'a, 'text>(area: &'a Area<'text>, x: &Axis, y: &Axis) -> Drawn<Chart<'a, 'text>> {
    let mut chart = ChartBuilder::on(area)
        .margin_left(6)
        .margin_right(22)
        .margin_top(8)
        .margin_bottom(6)
        .x_label_area_size(46)
        .y_label_area_size(66)
        .build_cartesian_2d(x.clone(), y.clone())?;
    chart
        .configure_mesh()
        .max_light_lines(0)
        .bold_line_style(FAINT)
        .axis_style(SOFT)
        .label_style(("sans-serif", 12.0 * 1.24).into_font().color(&INK))
        .axis_desc_style(("sans-serif", 13.0 * 1.24).into_font().color(&INK))
        .x_desc(&x.label)
        .y_desc(&y.label)
        .draw()?;
    Ok(chart)
}

/// The pixel of a pair of places, in fractions of pixels.
pub fn pixel(chart: &Chart<'_, '_>, x: &Axis, y: &Axis) -> impl Fn((f64, f64)) -> (f64, f64) + use<> {
    let (across, down) = chart.plotting_area().get_pixel_range();
    // The range of y goes upwards from its end.
    let down = down.end..down.start;
    let (x, y) = (x.clone(), y.clone());
    move |place| (x.pixel(place.0, &across), y.pixel(place.1, &down))
}

/// Text as it stands in SVG.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
