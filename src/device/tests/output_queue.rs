//! Both ends of the queue: what each order does.

use super::{frames, late, marked, pull, push, push_last, queue, splice};
use crate::audio::Frame;
use crate::units::{FramePos, Frames, Gain};

const HALF: Gain = Gain(0.5);

fn lefts(frames: &[Frame]) -> Vec<f32> {
    frames.iter().map(|frame| frame.left).collect()
}

#[test]
fn frames_are_heard_as_they_were_pushed_as_soon_as_they_are_there() {
    let (mut queue, mut callback) = queue();
    assert_eq!(pull(&mut callback, 2), [Frame::SILENCE; 2]);
    push(&mut queue, 500, &frames(500, 3, 0));
    assert_eq!(queue.position(), FramePos(500));
    assert_eq!(pull(&mut callback, 3), frames(500, 3, 0));
    assert_eq!(queue.position(), FramePos(503));
}

#[test]
fn a_queue_is_filled_in_blocks() {
    let (mut queue, mut callback) = queue();
    let room = queue.room();
    push(&mut queue, 0, &frames(0, 100, 0));
    assert_eq!(queue.room(), room - 128);
    assert_eq!(pull(&mut callback, 100), frames(0, 100, 0));
}

#[test]
fn a_stop_at_once_takes_no_frame_and_drops_what_is_queued() {
    let (mut queue, mut callback) = queue();
    push(&mut queue, 0, &frames(0, 400, 0));
    pull(&mut callback, 1);
    queue.stop(Frames(0));
    assert!(!queue.is_idle());
    assert_eq!(pull(&mut callback, 2), [Frame::SILENCE; 2]);
    assert!(queue.is_idle());
    assert_eq!(queue.position(), FramePos(1));
    push(&mut queue, 700, &frames(700, 3, 1));
    assert!(!queue.is_idle());
    assert_eq!(queue.position(), FramePos(700));
    assert_eq!(pull(&mut callback, 3), frames(700, 3, 1));
}

#[test]
fn a_stop_fades_in_a_straight_line_and_stands_where_the_fade_ended() {
    let (mut queue, mut callback) = queue();
    push(&mut queue, 0, &[Frame::mono(1.0); 20]);
    pull(&mut callback, 2);
    queue.stop(Frames(4));
    assert_eq!(lefts(&pull(&mut callback, 3)), [0.75, 0.5, 0.25]);
    assert!(!queue.is_idle());
    assert_eq!(lefts(&pull(&mut callback, 2)), [0.0, 0.0]);
    assert!(queue.is_idle());
    assert_eq!(queue.position(), FramePos(6));
    // What follows is not faded.
    push(&mut queue, 9, &[Frame::mono(1.0); 2]);
    assert_eq!(lefts(&pull(&mut callback, 2)), [1.0, 1.0]);
}

#[test]
fn what_is_pushed_while_an_earlier_generation_fades_is_heard_after_that() {
    let (mut queue, mut callback) = queue();
    push(&mut queue, 0, &[Frame::mono(1.0); 20]);
    pull(&mut callback, 1);
    queue.stop(Frames(2));
    push(&mut queue, 90, &frames(90, 2, 1));
    assert_eq!(pull(&mut callback, 4)[2..], frames(90, 2, 1));
}

#[test]
fn volume_is_for_prompts_too_and_glides_while_something_sounds() {
    let (mut queue, mut callback) = queue();
    queue.set_volume(HALF);
    push(&mut queue, 0, &[Frame::mono(0.5); 1000]);
    queue.speak(&[Frame::mono(0.25); 2], Frames(0));
    assert!(queue.is_speaking());
    assert_eq!(lefts(&pull(&mut callback, 4)), [0.375, 0.375, 0.25, 0.25]);
    assert!(!queue.is_speaking());
    queue.set_volume(Gain::UNITY);
    let glide = lefts(&pull(&mut callback, 480));
    assert!(glide.windows(2).all(|pair| pair[0] < pair[1]), "{glide:?}");
    assert_eq!(glide.last(), Some(&0.5));
}

#[test]
fn a_prompt_is_heard_while_the_session_waits_and_in_place_of_another() {
    let (mut queue, mut callback) = queue();
    queue.speak(&[Frame::mono(0.25); 5], Frames(0));
    assert_eq!(pull(&mut callback, 2), [Frame::mono(0.25); 2]);
    queue.speak(&[Frame::mono(0.5); 1], Frames(0));
    assert!(queue.is_speaking());
    assert_eq!(pull(&mut callback, 2), [Frame::mono(0.5), Frame::SILENCE]);
    assert!(!queue.is_speaking());
}

#[test]
fn a_prompt_fades_and_the_next_one_does_not() {
    let (mut queue, mut callback) = queue();
    queue.speak(&[Frame::mono(1.0); 9], Frames(0));
    queue.fade_out_prompt(Frames(4));
    assert!(queue.is_speaking());
    queue.speak(&[Frame::mono(0.5); 2], Frames(4));
    // The first had not begun, so nothing of it is heard.
    assert_eq!(lefts(&pull(&mut callback, 3)), [0.5, 0.5, 0.0]);
    queue.speak(&[Frame::mono(1.0); 9], Frames(0));
    pull(&mut callback, 1);
    queue.speak(&[Frame::mono(0.5); 2], Frames(4));
    assert_eq!(lefts(&pull(&mut callback, 7)), [0.75, 0.5, 0.25, 0.0, 0.5, 0.5, 0.0]);
    // One that ends while it fades does not take the next one along.
    queue.speak(&[Frame::mono(1.0); 2], Frames(0));
    pull(&mut callback, 1);
    queue.speak(&[Frame::mono(0.5); 1], Frames(4));
    assert_eq!(lefts(&pull(&mut callback, 3)), [0.75, 0.5, 0.0]);
    assert!(!queue.is_speaking());
}

#[test]
fn a_prompt_that_faded_out_is_over() {
    let (mut queue, mut callback) = queue();
    queue.speak(&[Frame::mono(1.0); 9], Frames(0));
    pull(&mut callback, 1);
    queue.fade_out_prompt(Frames(2));
    assert!(queue.is_speaking());
    pull(&mut callback, 3);
    assert!(!queue.is_speaking());
}

#[test]
fn a_session_is_idle_when_its_last_frame_was_played() {
    let (mut queue, mut callback) = queue();
    push(&mut queue, 0, &frames(0, 3, 0));
    push_last(&mut queue, 3, &frames(3, 100, 0));
    pull(&mut callback, 103);
    assert!(!queue.is_idle());
    assert_eq!(pull(&mut callback, 5), [Frame::SILENCE; 5]);
    assert!(queue.is_idle());
    assert_eq!((queue.position(), queue.underruns()), (FramePos(103), 0));
}

#[test]
fn an_end_may_come_without_a_frame() {
    let (mut queue, mut callback) = queue();
    push_last(&mut queue, 7, &[]);
    assert!(!queue.is_idle());
    pull(&mut callback, 1);
    assert!(queue.is_idle());
    assert_eq!((queue.position(), queue.underruns()), (FramePos(7), 0));
}

#[test]
fn a_splice_takes_the_end_back() {
    let (mut queue, mut callback) = queue();
    push_last(&mut queue, 0, &frames(0, 3, 0));
    pull(&mut callback, 9);
    assert!(queue.is_idle());
    assert_eq!(splice(&mut queue, 1), 3);
    pull(&mut callback, 1);
    assert!(!queue.is_idle());
    push_last(&mut queue, 3, &frames(3, 2, 1));
    assert_eq!(pull(&mut callback, 3)[..2], frames(3, 2, 1));
    assert!(queue.is_idle());
    assert_eq!(queue.underruns(), 0);
}

#[test]
fn what_is_after_a_splice_is_heard_at_its_own_time() {
    let (mut queue, mut callback) = queue();
    push(&mut queue, 0, &frames(0, 300, 0));
    pull(&mut callback, 10);
    assert_eq!(splice(&mut queue, 50), 50);
    push(&mut queue, 50, &frames(50, 20, 1));
    assert_eq!(pull(&mut callback, 60), [frames(10, 40, 0), frames(50, 20, 1)].concat());
}

#[test]
fn a_splice_that_comes_late_costs_its_own_time_and_no_more() {
    let (mut queue, mut callback) = queue();
    push(&mut queue, 0, &frames(0, 100, 0));
    pull(&mut callback, 40);
    late(&mut queue, &callback, 10, 30);
    // Nothing was pushed since, and still a second splice is in order.
    assert_eq!(splice(&mut queue, 0), 30);
    push(&mut queue, 30, &frames(30, 50, 2));
    assert_eq!(pull(&mut callback, 2), frames(40, 2, 2));
}

#[test]
fn of_two_splices_that_are_to_come_the_earlier_place_and_the_later_frames_count() {
    let (mut queue, mut callback) = queue();
    push(&mut queue, 0, &frames(0, 100, 0));
    pull(&mut callback, 10);
    assert_eq!(splice(&mut queue, 20), 20);
    push(&mut queue, 20, &frames(20, 50, 1));
    assert_eq!(splice(&mut queue, 30), 20);
    push(&mut queue, 20, &frames(20, 50, 2));
    assert_eq!(pull(&mut callback, 12), [frames(10, 10, 0), vec![marked(20, 2), marked(21, 2)]].concat());
}

#[test]
fn a_gap_counts_once_and_only_while_more_was_to_come() {
    let (mut queue, mut callback) = queue();
    pull(&mut callback, 5);
    assert_eq!(queue.underruns(), 0);
    push(&mut queue, 0, &frames(0, 1, 0));
    pull(&mut callback, 5);
    assert_eq!(queue.underruns(), 1);
    pull(&mut callback, 5);
    assert_eq!(queue.underruns(), 0);
    push(&mut queue, 1, &frames(1, 1, 0));
    assert_eq!(pull(&mut callback, 2)[0], marked(1, 0));
    assert_eq!(queue.underruns(), 1);
    queue.stop(Frames(9));
    pull(&mut callback, 5);
    assert!(queue.is_idle());
    assert_eq!(queue.underruns(), 0);
}

#[test]
fn a_queue_without_its_other_end_is_gone() {
    let (queue, callback) = queue();
    assert!(!queue.is_gone());
    drop(callback);
    assert!(queue.is_gone());
}
