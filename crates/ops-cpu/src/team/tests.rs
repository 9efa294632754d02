//! Tests of the team: every chunk runs once, whatever the threads do.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread::{ThreadId, current, scope, sleep};
use std::time::{Duration, Instant};

use super::Team;

/// Miri is a thousand times slower.
const ROUNDS: usize = if cfg!(miri) { 6 } else { 2000 };

fn counts(n: usize) -> Vec<AtomicUsize> {
    (0..n).map(|_| AtomicUsize::new(0)).collect()
}

#[track_caller]
fn assert_all(counts: &[AtomicUsize], expected: usize) {
    for (i, count) in counts.iter().enumerate() {
        assert_eq!(count.load(Relaxed), expected, "chunk {i}");
    }
}

#[test]
fn every_chunk_runs_once_in_each_of_many_jobs() {
    let team = Team::new(3);
    for round in 0..ROUNDS {
        let seen = counts(round % 17);
        team.parallel(seen.len(), &|i| {
            seen[i].fetch_add(1, Relaxed);
        });
        assert_all(&seen, 1);
    }
}

#[test]
fn writes_of_the_workers_are_seen_by_the_caller() {
    let team = Team::new(3);
    let cells: Vec<Mutex<usize>> = (0..8).map(Mutex::new).collect();
    let mut rounds = 0;
    while rounds < ROUNDS {
        // What the caller wrote before the job is seen inside it, and the other way round.
        rounds += 1;
        team.parallel(8, &|i| *cells[i].lock().unwrap() += rounds);
        assert_eq!(*cells[7].lock().unwrap(), 7 + rounds * (rounds + 1) / 2);
    }
}

/// Runs jobs until one was shared by two threads.
#[track_caller]
fn assert_shares(team: &Team) {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(60) {
        let ids: Mutex<Vec<ThreadId>> = Mutex::default();
        team.parallel(8, &|_| {
            sleep(Duration::from_micros(200));
            ids.lock().unwrap().push(current().id());
        });
        let ids = ids.into_inner().unwrap();
        if ids.iter().any(|&id| id != ids[0]) {
            return;
        }
    }
    panic!("no worker ever took a chunk");
}

#[test]
fn workers_help_whether_they_spin_or_sleep() {
    for spin in [Duration::ZERO, Duration::from_micros(500), Duration::from_secs(3600)] {
        let team = Team::new(2);
        team.set_spin(spin);
        assert_shares(&team);
        sleep(Duration::from_millis(3));
        assert_shares(&team);
    }
}

#[test]
fn nested_calls_run_in_their_caller() {
    let team = Team::new(3);
    let inner = counts(5);
    team.parallel(4, &|_| {
        let me = current().id();
        team.parallel(5, &|i| {
            assert_eq!(current().id(), me);
            inner[i].fetch_add(1, Relaxed);
        });
    });
    assert_all(&inner, 4);
}

#[test]
fn callers_at_the_same_time_do_not_disturb_each_other() {
    let team = Team::new(3);
    scope(|s| {
        for caller in 0..4 {
            let team = &team;
            s.spawn(move || {
                for round in 0..ROUNDS / 4 {
                    let seen = counts(caller + round % 5);
                    team.parallel(seen.len(), &|i| {
                        seen[i].fetch_add(1, Relaxed);
                    });
                    assert_all(&seen, 1);
                }
            });
        }
    });
}

#[test]
fn a_panic_reaches_the_caller_and_the_team_goes_on() {
    let team = Team::new(3);
    for bad in 0..12 {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            team.parallel(12, &|i| {
                if i == bad {
                    panic!("chunk {i} failed");
                }
            });
        }));
        let payload = outcome.expect_err("the panic was lost");
        assert_eq!(payload.downcast_ref::<String>().unwrap(), &format!("chunk {bad} failed"));
        let seen = counts(6);
        team.parallel(6, &|i| {
            seen[i].fetch_add(1, Relaxed);
        });
        assert_all(&seen, 1);
    }
}

#[test]
fn the_number_of_threads_can_change_between_and_inside_jobs() {
    let team = Team::new(1);
    for round in 0..ROUNDS / 20 + 2 {
        team.set_num_threads(round % 5);
        assert_eq!(team.num_threads(), (round % 5).max(1));
        let seen = counts(9);
        team.parallel(9, &|i| {
            team.set_num_threads(1 + i % 3);
            seen[i].fetch_add(1, Relaxed);
        });
        assert_all(&seen, 1);
    }
    team.set_num_threads(3);
    team.parallel(2, &|_| {});
    assert_eq!(team.crew.lock().unwrap().len(), 2);
    team.set_num_threads(1);
    assert_eq!(team.crew.lock().unwrap().len(), 0);
}

#[test]
fn split_covers_the_length_once_with_borders_on_the_grain() {
    for threads in [1, 2, 3] {
        let team = Team::new(threads);
        for len in [0, 1, 7, 8, 9, 63, 64, 65, 1000] {
            let seen = counts(len);
            team.split(len, 8, |range| {
                assert!(range.start % 8 == 0 && (range.end % 8 == 0 || range.end == len) && !range.is_empty());
                seen[range].iter().for_each(|count| _ = count.fetch_add(1, Relaxed));
            });
            assert_all(&seen, 1);
        }
    }
}
