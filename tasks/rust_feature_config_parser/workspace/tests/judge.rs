//! Compares what the driver observed with what `instructions.md` promises.

mod child;

type Files<'a> = &'a [(&'a str, &'a str)];

/// Parses the file `main` of each bundle; the outcome is `key = value; ...` or `file:line:column kind`.
fn check_files(bundles: &[(Files, &str)]) {
    let texts = bundles.iter().map(|(files, _)| {
        files.iter().map(|(path, text)| format!("{path}\x1f{text}\x1e")).collect::<String>() + "\x1d"
    });
    let observed = child::observe("bundles", &texts.collect::<String>());
    for (number, (files, expected)) in bundles.iter().enumerate() {
        assert_eq!(observed.get(number).map(String::as_str), Some(*expected), "{files:?}");
    }
}

fn check(texts: &[(&str, &str)]) {
    let mains: Vec<_> = texts.iter().map(|&(text, expected)| ([("main", text)], expected)).collect();
    let bundles: Vec<_> = mains.iter().map(|(files, expected)| (&files[..], *expected)).collect();
    check_files(&bundles);
}

#[test]
fn reads_each_kind_of_value() {
    check(&[
        ("", ""),
        ("a = \"x\"", "a = \"x\""),
        ("a = 12\nb = true\nc = false\n", "a = 12; b = true; c = false"),
        ("a = [1, \"two\", true, [], [3]]", "a = [1, \"two\", true, [], [3]]"),
    ]);
    check_files(&[(
        &[("main", "b = 2\n[s]\na = \"x\""), ("?", "b\ns.a\na\ns\ns.a.b")],
        "b = 2; s.a = \"x\"; b: Some(\"2\"); s.a: Some(\"\\\"x\\\"\"); a: None; s: None; s.a.b: None",
    )]);
}

#[test]
fn keys_carry_the_name_of_their_section() {
    check(&[
        (
            "z = 1\n[b.c]\ny = 2\nd.e-f = 3\n[a]\nx_1 = 4\n[b.c]\n_w = 5",
            "z = 1; b.c.y = 2; b.c.d.e-f = 3; a.x_1 = 4; b.c._w = 5",
        ),
        ("include = 1\n[s]\ninclude.x = 2\nTrue = true", "include = 1; s.include.x = 2; s.True = true"),
        ("[a]\nb = 1\n[a.b-c]\nd = 2\n[ab]\nb = 3", "a.b = 1; a.b-c.d = 2; ab.b = 3"),
    ]);
}

#[test]
fn blanks_and_comments_mean_nothing() {
    check(&[
        ("\n \t\n# [x]\n  # y = 1\n", ""),
        ("\t[ s ]\t# s\r\n a=1#one\r\n\tb \t= \t2 \r\n\r\n", "s.a = 1; s.b = 2"),
        ("a = \"# no comment\" # \"comment", "a = \"# no comment\""),
        ("a = [ # one\r\n  1 # 1\r\n\r\n # two, ]\r\n , 2 ,\r\n] # end", "a = [1, 2]"),
        ("a = [1,2]#", "a = [1, 2]"),
    ]);
}

#[test]
fn strings_know_their_escapes() {
    check(&[
        (r#"a = "\\ \" \n \t""#, r#"a = "\\ \" \n \t""#),
        (r#"a = "\u{41}\u{e9}\u{1F600}\u{00000A}\u{10ffff}""#, r#"a = "Aé😀\n\u{10ffff}""#),
        ("a = \"tab\there, é and 'x'\"", "a = \"tab\\there, é and 'x'\""),
        ("a = \"\"\nb = \"\\\\\"", "a = \"\"; b = \"\\\\\""),
    ]);
}

#[test]
fn a_bad_string_is_named_where_it_went_wrong() {
    check(&[
        (r#"a = "x\q""#, "main:1:7 BadEscape"),
        (r#"a = "é\x41""#, "main:1:7 BadEscape"),
        (r#"a = "\u41""#, "main:1:6 BadEscape"),
        (r#"a = "\u{}""#, "main:1:6 BadEscape"),
        (r#"a = "\u{0000041}""#, "main:1:6 BadEscape"),
        (r#"a = "\u{d800}""#, "main:1:6 BadEscape"),
        (r#"a = "\u{110000}""#, "main:1:6 BadEscape"),
        (r#"a = "\u{41""#, "main:1:6 BadEscape"),
        (r#"a = "\u{+1}""#, "main:1:6 BadEscape"),
        ("b = 1\na = \"x\nc = 2\"", "main:2:5 UnterminatedString"),
        ("a = \"x\\\"", "main:1:5 UnterminatedString"),
        ("a = \"x\\\n\"", "main:1:7 BadEscape"),
        ("a = \"x\\", "main:1:7 BadEscape"),
        ("a = [\"x\r\n]", "main:1:6 UnterminatedString"),
        ("include \"x", "main:1:9 UnterminatedString"),
    ]);
}

#[test]
fn integers_fill_the_range_of_i64() {
    check(&[
        ("a = 9223372036854775807\nb = -9223372036854775808", "a = 9223372036854775807; b = -9223372036854775808"),
        ("a = +1_000\nb = -0\nc = 007\nd = 1_2_3", "a = 1000; b = 0; c = 7; d = 123"),
        ("a = 9223372036854775808", "main:1:5 BadInteger"),
        ("a = -9_223_372_036_854_775_809", "main:1:5 BadInteger"),
        ("a =  1__0", "main:1:6 BadInteger"),
        ("a = 1_", "main:1:5 BadInteger"),
        ("a = -_1", "main:1:5 BadInteger"),
        ("a = +", "main:1:5 BadInteger"),
        ("a = +-1", "main:1:5 BadInteger"),
        ("a = 0x1F", "main:1:5 BadInteger"),
        ("a = [1, 2-3]", "main:1:9 BadInteger"),
        ("a = _1", "main:1:5 Unexpected"),
        ("a = 1.5", "main:1:6 Unexpected"),
    ]);
}

#[test]
fn lists_nest_and_run_over_several_lines() {
    check(&[
        ("a = []\nb = [\n]\nc = [1,]\nd = [1\n,\n2,\n]", "a = []; b = []; c = [1]; d = [1, 2]"),
        ("a = [[1, [\"]\"]], [], [[true]]]\nb = 1", "a = [[1, [\"]\"]], [], [[true]]]; b = 1"),
        ("a = [\n1]\nb = [", "main:3:5 UnterminatedList"),
    ]);
}

#[test]
fn a_bad_list_is_named_where_it_went_wrong() {
    check(&[
        ("a = [1, 2", "main:1:5 UnterminatedList"),
        ("a = [1,\n [2, # ]\n", "main:2:2 UnterminatedList"),
        ("a = [1,\n [2]\n", "main:1:5 UnterminatedList"),
        ("a = [,]", "main:1:6 Unexpected"),
        ("a = [1,,2]", "main:1:8 Unexpected"),
        ("a = [1\n  2]", "main:2:3 Unexpected"),
        ("a = [1;2]", "main:1:7 Unexpected"),
        ("a = [1,\nb = 2", "main:2:1 Unexpected"),
        ("a = [1]]", "main:1:8 Unexpected"),
        ("a = [1\n] b = 2", "main:2:3 Unexpected"),
    ]);
}

#[test]
fn lists_may_be_64_deep_and_no_deeper() {
    let nested = |depth: usize| format!("a = {}{}", "[".repeat(depth), "]".repeat(depth));
    let shown = format!("a = {}{}", "[".repeat(64), "]".repeat(64));
    check(&[(&nested(64), &shown), (&nested(65), "main:1:69 TooDeep"), (&nested(200_000), "main:1:69 TooDeep")]);
}

#[test]
fn unexpected_text_is_named_by_line_and_column() {
    check(&[
        ("a", "main:1:2 Unexpected"),
        ("\n  a  b = 1", "main:2:6 Unexpected"),
        ("a = ", "main:1:5 Unexpected"),
        ("a =\r\nb = 1", "main:1:4 Unexpected"),
        ("a = # 1", "main:1:5 Unexpected"),
        ("a = yes", "main:1:5 Unexpected"),
        ("a = truer", "main:1:5 Unexpected"),
        ("a = true false", "main:1:10 Unexpected"),
        ("a = \"é\u{1f600}\" x", "main:1:10 Unexpected"),
        ("é = 1", "main:1:1 Unexpected"),
        ("aé = 1", "main:1:2 Unexpected"),
        ("1a = 1", "main:1:1 Unexpected"),
        ("a..b = 1", "main:1:3 Unexpected"),
        ("a. b = 1", "main:1:3 Unexpected"),
        ("a .b = 1", "main:1:3 Unexpected"),
        ("= 1", "main:1:1 Unexpected"),
        ("a = 1\rb = 2", "main:1:6 Unexpected"),
    ]);
}

#[test]
fn a_malformed_section_or_include_is_named() {
    check(&[
        ("[]", "main:1:2 Unexpected"),
        ("[a", "main:1:3 Unexpected"),
        ("[a\n]", "main:1:3 Unexpected"),
        ("[a.]", "main:1:4 Unexpected"),
        ("[a b]", "main:1:4 Unexpected"),
        ("[a] b = 1", "main:1:5 Unexpected"),
        ("include", "main:1:8 Unexpected"),
        ("include main", "main:1:9 Unexpected"),
        ("include \"x\" y", "main:1:13 Unexpected"),
        ("include.x \"y\"", "main:1:11 Unexpected"),
    ]);
}

#[test]
fn a_key_that_is_set_above_or_below_another_conflicts() {
    check(&[
        ("a = 1\nb = 2\n  a = 3", "main:3:3 Conflict { file: \"main\", line: 1 }"),
        ("[s]\na = 1\n[t]\na = 1\n[s]\na = 2", "main:6:1 Conflict { file: \"main\", line: 2 }"),
        ("a.b = 1\na.b.c = 2", "main:2:1 Conflict { file: \"main\", line: 1 }"),
        ("x.y = 0\na.b.c = 1\na.b.d = 2\n[a]\nb = [\n]", "main:5:1 Conflict { file: \"main\", line: 2 }"),
        ("a = 1\n[a]\n[a.b]\nc = 2", "main:4:1 Conflict { file: \"main\", line: 1 }"),
        ("a.b = 1\na.bc = 2\na.b-c.d = 3\nA.b = 4", "a.b = 1; a.bc = 2; a.b-c.d = 3; A.b = 4"),
        ("a = 1\na = 2 x", "main:2:7 Unexpected"),
        ("a = 1\na = [\n1_]", "main:3:1 BadInteger"),
    ]);
}

#[test]
fn an_included_file_keeps_its_sections_to_itself() {
    check_files(&[
        (
            &[("main", "[s]\na = 1\ninclude \"other\" # here\nb = 2"), ("other", "c = 3\n[t]\nd = 4")],
            "s.a = 1; c = 3; t.d = 4; s.b = 2",
        ),
        (&[("main", "include\"a b/\\u{e9}\""), ("a b/é", "x = 1")], "x = 1"),
        (&[("main", "[m]\ninclude \"x\"\ninclude \"y\""), ("x", "include \"y\"\nx = 1"), ("y", "[s]")], "x = 1"),
    ]);
}

#[test]
fn an_error_names_the_file_that_it_is_in() {
    check_files(&[
        (&[("main", "a = 1\n\ninclude \"x\""), ("x", "# x\nb = ?")], "x:2:5 Unexpected"),
        (&[("main", "a = 1\ninclude \"x\""), ("x", "\n a = 2")], "x:2:2 Conflict { file: \"main\", line: 1 }"),
        (&[("main", "include \"x\"\na = 1"), ("x", "\na.b = 2")], "main:2:1 Conflict { file: \"x\", line: 2 }"),
        (&[("main", "include \"x\"\ninclude \"x\""), ("x", "a = 2")], "x:1:1 Conflict { file: \"x\", line: 1 }"),
        (&[("main", "a = 1\n\tinclude  \"none\\t\"")], "main:2:11 NotFound { path: \"none\\t\" }"),
        (&[("other", "a = 1")], "main:1:1 NotFound { path: \"main\" }"),
        (&[("main", "include \"none\" x")], "main:1:16 Unexpected"),
    ]);
}

#[test]
fn a_cycle_of_includes_is_named_from_its_first_file() {
    check_files(&[
        (&[("main", "include \"main\"")], "main:1:9 Cycle { paths: [\"main\", \"main\"] }"),
        (
            &[("main", "include \"a\""), ("a", "x = 1\ninclude \"b\""), ("b", " include \"a\"")],
            "b:1:10 Cycle { paths: [\"a\", \"b\", \"a\"] }",
        ),
        (&[("main", "include \"a\"\ninclude \"b\""), ("a", "include \"c\""), ("b", "include \"c\""), ("c", "")], ""),
    ]);
}
