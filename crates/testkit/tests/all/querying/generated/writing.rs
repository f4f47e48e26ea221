//! How a tree is written: one of the many spellings that mean it, and each of them escaped in one of several ways.

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use pimento_store::conformance::Dice;

use super::draw::Key;
use super::filter::{Comparison, Filter};
use super::members::{Kind, Member};
use super::values::{Datum, is_guid};

/// What a part stands in, which says whether it needs parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Within {
    Any,
    All,
    Not,
}

/// A filter as text.
pub(super) fn filter(dice: &mut Dice, filter: &Filter) -> String {
    let mut tokens = Vec::new();
    write(dice, filter, Within::Any, &mut tokens);
    joined(dice, &tokens)
}

fn write(dice: &mut Dice, filter: &Filter, within: Within, tokens: &mut Vec<String>) {
    let needed = match filter {
        Filter::Any(_) => Within::Any < within,
        Filter::All(_) => Within::All < within,
        // `not` binds tighter than comparisons of truth values.
        Filter::Truth(..) => Within::Not == within,
        _ => false,
    };
    if needed || dice.roll(8) == 0 {
        return write_enclosed(dice, filter, tokens);
    }
    match filter {
        Filter::All(parts) => write_all(dice, parts, ("and", Within::All), tokens),
        Filter::Any(parts) => write_all(dice, parts, ("or", Within::Any), tokens),
        Filter::Not(inner) => {
            tokens.push(keyword(dice, "not"));
            write(dice, inner, Within::Not, tokens);
        }
        Filter::Truth(inner, comparison, value) => {
            write_truth(dice, inner, (*comparison, *value), tokens);
        }
        _ => write_term(dice, filter, tokens),
    }
}

fn write_enclosed(dice: &mut Dice, filter: &Filter, tokens: &mut Vec<String>) {
    tokens.push("(".to_owned());
    write(dice, filter, Within::Any, tokens);
    tokens.push(")".to_owned());
}

/// A truth value and what it is compared with.
fn write_truth(
    dice: &mut Dice,
    filter: &Filter,
    (comparison, value): (Comparison, bool),
    tokens: &mut Vec<String>,
) {
    let word = keyword(dice, comparison.word());
    let value = keyword(dice, &value.to_string());
    let mut truth = Vec::new();
    match filter {
        Filter::Call(..) if dice.roll(2) == 0 => write_term(dice, filter, &mut truth),
        _ => write_enclosed(dice, filter, &mut truth),
    }
    if dice.roll(3) == 0 {
        tokens.extend([value, word]);
        tokens.extend(truth);
    } else {
        tokens.extend(truth);
        tokens.extend([word, value]);
    }
}

fn write_term(dice: &mut Dice, filter: &Filter, tokens: &mut Vec<String>) {
    match filter {
        Filter::Compare(member, comparison, value) => {
            let mut sides = [
                operand(dice, |dice| name(dice, &member.path)),
                operand(dice, |dice| literal(dice, member, value)),
            ];
            let mirrored = dice.roll(3) == 0;
            let comparison = if mirrored {
                sides.reverse();
                comparison.mirrored()
            } else {
                *comparison
            };
            let [left, right] = sides;
            tokens.extend(left);
            tokens.push(keyword(dice, comparison.word()));
            tokens.extend(right);
        }
        Filter::In(member, values) => {
            tokens.extend(operand(dice, |dice| name(dice, &member.path)));
            tokens.extend([keyword(dice, "in"), "(".to_owned()]);
            for (number, value) in values.iter().enumerate() {
                tokens.extend((number != 0).then(|| ",".to_owned()));
                tokens.push(literal(dice, member, value));
            }
            tokens.push(")".to_owned());
        }
        Filter::Call(function, member, text) => {
            tokens.push(format!("{}(", keyword(dice, function.word())));
            tokens.extend(operand(dice, |dice| name(dice, &member.path)));
            tokens.push(",".to_owned());
            tokens.extend(operand(dice, |_| quoted(text)));
            tokens.push(")".to_owned());
        }
        Filter::Is(member) => tokens.push(name(dice, &member.path)),
        Filter::Constant(constant) => tokens.push(keyword(dice, &constant.to_string())),
        Filter::All(_) | Filter::Any(_) | Filter::Not(_) | Filter::Truth(..) => {
            write_enclosed(dice, filter, tokens);
        }
    }
}

/// A name or a value, which may stand in parentheses.
fn operand(dice: &mut Dice, write: impl FnOnce(&mut Dice) -> String) -> Vec<String> {
    let enclosed = dice.roll(16) == 0;
    let piece = write(dice);
    match enclosed {
        true => vec!["(".to_owned(), piece, ")".to_owned()],
        false => vec![piece],
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn write_all(
    dice: &mut Dice,
    parts: &[Filter],
    (word, within): (&str, Within),
    tokens: &mut Vec<String>,
) {
    for (number, part) in parts.iter().enumerate() {
        tokens.extend((number != 0).then(|| keyword(dice, word)));
        write(dice, part, within, tokens);
    }
}

/// An order as text.
pub(super) fn order(dice: &mut Dice, keys: &[Key]) -> String {
    let mut tokens = Vec::new();
    for (number, key) in keys.iter().enumerate() {
        tokens.extend((number != 0).then(|| ",".to_owned()));
        tokens.push(name(dice, &key.member.path));
        let word = if key.descending { "desc" } else { "asc" };
        if key.descending || dice.roll(2) == 0 {
            tokens.push(keyword(dice, word));
        }
    }
    joined(dice, &tokens)
}

/// The pieces with blanks between them, where they need some and elsewhere.
fn joined(dice: &mut Dice, tokens: &[String]) -> String {
    let mut text = blank(dice, Need::None);
    for (number, token) in tokens.iter().enumerate() {
        let before = number.checked_sub(1).map(|number| tokens[number].as_str());
        let touches = |piece: &str| piece.ends_with('(') || [")", ","].contains(&piece);
        let need = match before {
            None => Need::None,
            Some(before) if before.ends_with('(') || before == "," => Need::None,
            Some(before)
                if token == "(" && ["not", "in"].contains(&before.to_lowercase().as_str()) =>
            {
                Need::None
            }
            Some(_) if touches(token) && token != "(" && !token.ends_with('(') => Need::None,
            Some(_) => Need::One,
        };
        text += &blank(dice, need);
        text += token;
    }
    text + &blank(dice, Need::None)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    None,
    One,
}

fn blank(dice: &mut Dice, need: Need) -> String {
    let some = [" ", " ", "  ", "\t", "   "];
    match need {
        Need::None if dice.roll(6) != 0 => String::new(),
        Need::One if dice.roll(6) != 0 => " ".to_owned(),
        _ => dice.pick(&some).to_owned(),
    }
}

/// A word in any letter case.
pub(super) fn keyword(dice: &mut Dice, word: &str) -> String {
    match dice.roll(8) {
        0 => word.to_uppercase(),
        1 => word
            .chars()
            .map(|c| {
                if dice.roll(2) == 0 {
                    c.to_ascii_uppercase()
                } else {
                    c
                }
            })
            .collect(),
        _ => word.to_owned(),
    }
}

/// The name of a member, whose letter case does not matter either.
pub(super) fn name(dice: &mut Dice, path: &str) -> String {
    match dice.roll(8) {
        0 => path.to_lowercase(),
        1 => path.to_uppercase(),
        _ => path.to_owned(),
    }
}

fn literal(dice: &mut Dice, member: &Member, value: &Datum) -> String {
    match value {
        Datum::Null => keyword(dice, "null"),
        Datum::Boolean(yes) => keyword(dice, &yes.to_string()),
        Datum::Moment(micros) => moment(dice, *micros),
        Datum::Length(micros) => length(dice, *micros),
        Datum::Text(text) => {
            let bare = matches!(member.kind, Kind::Guid | Kind::Person) && is_guid(text);
            if bare && dice.roll(2) == 0 {
                return text.clone();
            }
            let quoted = quoted(text);
            match &member.enumeration {
                Some(name) if dice.roll(3) == 0 => format!("microsoft.graph.{name}{quoted}"),
                _ => quoted,
            }
        }
    }
}

/// A moment at some offset, with as many digits of its seconds as it needs, or more; or a day.
fn moment(dice: &mut Dice, micros: i64) -> String {
    let moment = Timestamp::from_microsecond(micros).unwrap();
    let minutes = dice.pick(&[0, 0, 120, -330, 765, -720]);
    let offset = Offset::from_seconds(minutes * 60).unwrap();
    let zoned = moment.to_zoned(TimeZone::fixed(offset));
    if moment.to_string().ends_with("T00:00:00Z") && dice.roll(2) == 0 {
        return moment.strftime("%Y-%m-%d").to_string();
    }
    // Before 1970 the library counts the parts of a second backwards.
    let (needed, fraction) = match micros.rem_euclid(1_000_000) {
        0 => (0, "000000".to_owned()),
        some => {
            let digits = format!("{some:06}");
            (digits.trim_end_matches('0').len(), digits)
        }
    };
    let digits = needed + dice.roll(7 - needed);
    let mut text = zoned.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    if digits != 0 {
        text += &format!(".{}", &fraction[..digits]);
    } else if text.ends_with(":00") && dice.roll(3) == 0 {
        text.truncate(text.len() - 3);
    }
    let at = match minutes {
        0 => dice.pick(&["Z", "Z", "+00:00"]).to_owned(),
        _ => zoned.strftime("%:z").to_string(),
    };
    // Who forgets to escape the sign sends a blank.
    let at = if dice.roll(4) == 0 {
        at.replace('+', " ")
    } else {
        at
    };
    text + &at
}

/// A length of time in one of its spellings.
fn length(dice: &mut Dice, micros: i64) -> String {
    let length = SignedDuration::from_micros(micros);
    let (sign, seconds) = (if micros < 0 { "-" } else { "" }, length.as_secs().abs());
    let text = match dice.roll(4) {
        0 if length.subsec_nanos() == 0 => format!("{sign}PT{seconds}S"),
        1 if length.subsec_nanos() == 0 && seconds % 60 == 0 => {
            format!("{sign}PT{}M", seconds / 60)
        }
        2 if length.subsec_nanos() == 0 => {
            format!("{sign}P{}DT{}S", seconds / 86_400, seconds % 86_400)
        }
        _ => length.to_string(),
    };
    match dice.roll(3) {
        0 => text,
        _ => format!("{}'{text}'", keyword(dice, "duration")),
    }
}

/// A value as it stands in a URL: what has to be escaped is, and more.
pub(super) fn escaped(dice: &mut Dice, text: &str) -> String {
    let (plus, lower, eager) = (dice.roll(2) == 0, dice.roll(4) == 0, dice.roll(3) == 0);
    let mut escaped = String::new();
    for c in text.chars() {
        let bare = match c {
            ' ' if plus => {
                escaped.push('+');
                continue;
            }
            'A'..='Z' | 'a'..='z' | '0'..='9' | '-' | '.' | '_' | '~' => dice.roll(60) != 0,
            '\'' | '(' | ')' | '*' | ',' | ':' | ';' | '/' | '@' | '$' | '!' | '?' | '=' => !eager,
            _ => false,
        };
        if bare {
            escaped.push(c);
            continue;
        }
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            escaped += &match lower {
                true => format!("%{byte:02x}"),
                false => format!("%{byte:02X}"),
            };
        }
    }
    escaped
}
