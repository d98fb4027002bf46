//! Plays the script that it reads, one command a line, and prints what it saw as a JSON list of strings.

use std::io::Read;
use time_bucketer::{Bucket, Bucketer, OffsetTable, Unit};

/// What the commands before have chosen.
struct Stage {
    unit: Unit,
    table: OffsetTable,
}

impl Stage {
    fn bucketer(&self) -> Bucketer {
        Bucketer::new(self.unit, self.table.clone())
    }

    /// `offsets 3600 1000:7200` and `unit day` prepare; `bucket 5`, `range 0 9` and `count 0 9 4 4 7` ask.
    fn play(&mut self, line: &str) -> Vec<String> {
        let (verb, rest) = line.split_once(' ').expect("a verb and its words");
        match verb {
            "offsets" => self.set_offsets(rest),
            "unit" => {
                self.unit = unit(rest);
                Vec::new()
            }
            "bucket" => vec![shown(&self.bucketer().bucket(number(rest)))],
            "range" => {
                let [from, to, ..] = numbers(rest)[..] else { panic!("range needs two ends") };
                self.bucketer().range(from, to).iter().map(shown).collect()
            }
            "count" => {
                let [from, to, ref samples @ ..] = numbers(rest)[..] else { panic!("count needs two ends") };
                let counted = self.bucketer().count(from, to, samples.iter().copied());
                counted.iter().map(|(bucket, count)| format!("{} {count}", bucket.label)).collect()
            }
            _ => panic!("unknown command: {line}"),
        }
    }

    fn set_offsets(&mut self, words: &str) -> Vec<String> {
        let mut words = words.split(' ');
        let base = words.next().expect("a base offset").parse().expect("an offset");
        let changes: Vec<_> = words.map(change).collect();
        match OffsetTable::new(base, &changes) {
            Ok(table) => {
                self.table = table;
                Vec::new()
            }
            Err(error) => vec![format!("{error:?}")],
        }
    }
}

fn unit(name: &str) -> Unit {
    match name {
        "hour" => Unit::Hour,
        "day" => Unit::Day,
        "week" => Unit::IsoWeek,
        "month" => Unit::Month,
        "quarter" => Unit::Quarter,
        "year" => Unit::Year,
        _ => panic!("unknown unit: {name}"),
    }
}

fn change(word: &str) -> (i64, i32) {
    let (timestamp, offset) = word.split_once(':').expect("timestamp:offset");
    (number(timestamp), offset.parse().expect("an offset"))
}

fn numbers(words: &str) -> Vec<i64> {
    words.split(' ').map(number).collect()
}

fn number(word: &str) -> i64 {
    word.parse().expect("a timestamp")
}

fn shown(bucket: &Bucket) -> String {
    format!("{} {} {}", bucket.label, bucket.start, bucket.end)
}

fn json(notes: &[String]) -> String {
    let quoted: Vec<String> = notes.iter().map(|note| quote(note)).collect();
    format!("[{}]", quoted.join(","))
}

fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\0'..='\x1f' => quoted.push_str(&format!("\\u{:04x}", letter as u32)),
            _ => quoted.push(letter),
        }
    }
    quoted + "\""
}

fn main() {
    let mut script = String::new();
    std::io::stdin().read_to_string(&mut script).expect("the script is text");
    let table = OffsetTable::new(0, &[]).expect("UTC is a table");
    let mut stage = Stage { unit: Unit::Day, table };
    let notes: Vec<String> = script.lines().flat_map(|line| stage.play(line)).collect();
    // The line break ends whatever the code under test may have printed.
    println!("\n{}", json(&notes));
}
