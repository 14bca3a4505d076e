//! Both ends of the line: what each order does.

use super::super::callback::DeviceCallback;
use super::super::commands::Fade;
use super::{frames, late, line};
use crate::audio::Frame;
use crate::units::{Frames, Gain};

const HALF: Gain = Gain(0.5);

fn pull(tap: &mut DeviceCallback, count: usize) -> Vec<Frame> {
    (0..count).map(|_| tap.next_frame()).collect()
}

#[test]
fn the_first_frame_is_heard_as_it_was_pushed() {
    let (mut line, mut tap) = line();
    line.push(&frames(0, 3, 0));
    assert_eq!(pull(&mut tap, 2), [Frame::SILENCE; 2]);
    line.go(Frames(0));
    assert_eq!(pull(&mut tap, 3), frames(0, 3, 0));
}

#[test]
fn a_hold_at_once_takes_no_frame() {
    let (mut line, mut tap) = line();
    line.push(&frames(0, 4, 0));
    line.go(Frames(0));
    pull(&mut tap, 1);
    line.hold(Frames(0));
    assert!(!line.is_held());
    assert_eq!(pull(&mut tap, 2), [Frame::SILENCE; 2]);
    assert!(line.is_held());
    line.go(Frames(0));
    assert!(!line.is_held());
    assert_eq!(pull(&mut tap, 3), frames(1, 3, 0));
}

#[test]
fn an_earlier_hold_is_not_taken_for_this_one() {
    let (mut line, mut tap) = line();
    assert!(line.is_held());
    line.push(&frames(0, 9, 0));
    line.go(Frames(0));
    line.hold(Frames(0));
    pull(&mut tap, 1);
    assert!(line.is_held());
    line.go(Frames(0));
    line.hold(Frames(5));
    assert!(!line.is_held());
}

#[test]
fn fades_are_straight_and_end_at_their_level() {
    let (mut line, mut tap) = line();
    line.push(&[Frame::mono(1.0); 20]);
    line.go(Frames(0));
    line.fade(Fade { to: HALF, over: Frames(4) });
    let lefts: Vec<f32> = pull(&mut tap, 5).iter().map(|frame| frame.left).collect();
    assert_eq!(lefts, [0.875, 0.75, 0.625, 0.5, 0.5]);
    line.hold(Frames(3));
    let lefts: Vec<f32> = pull(&mut tap, 4).iter().map(|frame| frame.left).collect();
    assert_eq!(lefts[2..], [0.0, 0.0]);
    assert!(line.is_held());
    assert_eq!(line.played(), 8);
    line.go(Frames(4));
    assert_eq!(pull(&mut tap, 5)[3..], [Frame::mono(1.0); 2]);
}

#[test]
fn volume_is_for_answers_too_and_a_fade_of_the_session_is_not() {
    let (mut line, mut tap) = line();
    line.push(&[Frame::mono(0.5); 4]);
    line.go(Frames(0));
    line.fade(Fade { to: HALF, over: Frames(0) });
    line.answer(&[Frame::mono(0.25); 2]);
    assert!(line.is_answering());
    assert_eq!(pull(&mut tap, 1), [Frame::mono(0.5)]);
    line.volume(Fade { to: HALF, over: Frames(0) });
    assert_eq!(pull(&mut tap, 2), [Frame::mono(0.25), Frame::mono(0.125)]);
    assert!(!line.is_answering());
}

#[test]
fn an_answer_is_heard_while_the_session_waits_and_is_hushed() {
    let (mut line, mut tap) = line();
    line.answer(&[Frame::mono(0.25); 5]);
    assert_eq!(pull(&mut tap, 2), [Frame::mono(0.25); 2]);
    line.hush(Frames(0));
    line.answer(&[Frame::mono(0.5); 1]);
    assert_eq!(pull(&mut tap, 2), [Frame::mono(0.5), Frame::SILENCE]);
    assert!(!line.is_answering());
}

#[test]
fn an_answer_that_is_hushed_fades_and_the_next_one_does_not() {
    let (mut line, mut tap) = line();
    line.answer(&[Frame::mono(1.0); 9]);
    line.hush(Frames(4));
    line.answer(&[Frame::mono(0.5); 2]);
    let lefts: Vec<f32> = pull(&mut tap, 7).iter().map(|frame| frame.left).collect();
    assert_eq!(lefts, [0.75, 0.5, 0.25, 0.0, 0.5, 0.5, 0.0]);
    // One that ends while it fades does not take the next one along.
    line.answer(&[Frame::mono(1.0); 2]);
    line.hush(Frames(4));
    line.answer(&[Frame::mono(0.5); 1]);
    let lefts: Vec<f32> = pull(&mut tap, 4).iter().map(|frame| frame.left).collect();
    assert_eq!(lefts, [0.75, 0.5, 0.5, 0.0]);
    assert!(!line.is_answering());
}

#[test]
fn a_session_is_done_when_its_last_frame_is_taken_also_after_a_hold() {
    let (mut line, mut tap) = line();
    line.push(&frames(0, 3, 0));
    line.finish();
    assert_eq!(pull(&mut tap, 1), [Frame::SILENCE], "it waits for a go");
    line.go(Frames(0));
    pull(&mut tap, 1);
    line.hold(Frames(0));
    pull(&mut tap, 1);
    line.go(Frames(0));
    pull(&mut tap, 2);
    assert!(!line.is_done());
    pull(&mut tap, 1);
    assert!(line.is_done());
    assert_eq!(line.underruns(), 0);
}

#[test]
fn a_cut_takes_the_end_back() {
    let (mut line, mut tap) = line();
    line.push(&frames(0, 3, 0));
    line.finish();
    line.go(Frames(0));
    pull(&mut tap, 9);
    assert!(line.is_done());
    assert_eq!(line.cut(1), 3);
    line.push(&frames(3, 2, 1));
    assert!(!line.is_done());
    assert_eq!(pull(&mut tap, 2), frames(3, 2, 1));
    line.finish();
    pull(&mut tap, 1);
    assert!(line.is_done());
}

#[test]
fn a_cut_that_comes_late_costs_its_own_time_and_no_more() {
    let (mut line, mut tap) = line();
    line.push(&frames(0, 100, 0));
    line.go(Frames(0));
    pull(&mut tap, 40);
    late(&mut line, &mut tap, 10, 30);
    // Nobody has pushed since, and still a second cut is in order.
    assert_eq!(line.cut(0), 30);
    assert_eq!(line.push(&frames(30, 50, 2)), 50);
    assert_eq!(pull(&mut tap, 2), frames(40, 2, 2));
}

#[test]
fn a_gap_counts_once_and_only_while_it_goes() {
    let (mut line, mut tap) = line();
    pull(&mut tap, 5);
    assert_eq!(line.underruns(), 0);
    line.go(Frames(0));
    pull(&mut tap, 5);
    assert_eq!(line.underruns(), 1);
    line.push(&frames(0, 1, 0));
    pull(&mut tap, 5);
    assert_eq!(line.underruns(), 1);
    line.hold(Frames(0));
    pull(&mut tap, 5);
    assert_eq!(line.underruns(), 0);
}

#[test]
fn a_device_that_hears_no_orders_is_gone() {
    let (mut line, _tap) = line();
    (0..64).for_each(|_| line.hush(Frames(0)));
    assert!(!line.is_gone());
    line.hush(Frames(0));
    assert!(line.is_gone());
}

#[test]
fn a_line_without_its_other_end_is_gone() {
    let (line, tap) = line();
    assert!(!line.is_gone());
    drop(tap);
    assert!(line.is_gone());
}
