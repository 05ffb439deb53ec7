//! Where an attacker gets to in a network, what that harms, and which one fix helps most.
//!
//! The way through this crate:
//!
//! 1. [`read`] makes a [`Checked`] network of JSON, or says what is wrong and where. The format is [`model`]; its
//!    schema is `docs/exposure-network.schema.json`.
//! 2. [`AttackGraph::of`] makes an attack graph of it, by a [`Table`] of probabilities that is data and a judgement.
//! 3. Answers are made of the graph: [`stories()`] (the most likely path from each entrance to each goal),
//!    [`unlimited`] and [`within()`] (blast radius), [`Sampler`] (how likely each goal is reached), [`min_cut`],
//!    [`rank`] and [`plan()`] (fixes), [`what_if`], [`restoration`]. [`Report`] is all of them at once.
//!
//! Everything is pure and gives the same answer on every machine: no input or output, no clock, no chance but seeds.
//! Probabilities are whole numbers inside, so that equal is equal. Answers are codes and ids; words are made outside,
//! but for the English of [`std::fmt::Display`] for the command line.
//!
//! What the numbers mean: the chance that *one determined attacker who tries every entrance* reaches a goal, if the
//! table's judgements hold. They serve to compare: with and without a control, this hospital this year and the next.

mod attack;
mod blast;
mod buckets;
mod chance;
mod check;
mod cut;
mod english;
mod fault;
mod fix;
mod graph;
mod harm;
pub mod model;
mod path;
mod plan;
mod radius;
mod read;
mod report;
mod restore;
mod sample;
mod scc;
mod step;
mod story;
mod table;
mod whatif;

pub use attack::{AttackGraph, Entry, EntryKind, Goal, GoalKind, Hold, Index, Meaning, Owner, Step};
pub use blast::{Within, reachable, unlimited, within};
pub use chance::{Chance, Cost, UNITS_PER_NAT, cost_of};
pub use cut::{Capacity, Cut, UNCUTTABLE, min_cut};
pub use fault::{Fault, FaultCode};
pub use fix::{Fix, Levers};
pub use graph::{Arc, Backwards, Graph, GraphBuilder, StateId};
pub use path::{ToGoal, joint, product};
pub use plan::{Effort, Plan, Planned, Ranked, plan, rank};
pub use radius::{Radius, radii};
pub use read::{Checked, MAX_FAULTS, SUGGESTED_MAX_BYTES, accept, read};
pub use report::{CutLine, GoalRisk, Options, Report, Size};
pub use restore::{Copy, Restored, restoration};
pub use sample::{Estimate, LANES, Sampler, Worlds, wilson};
pub use scc::Components;
pub use step::StepCode;
pub use story::{Missing, Named, Story, Told, stories, tell};
pub use table::{EMBEDDED, Effort as Work, Factor, On, Restoring, Rule, Table, Together, Weights};
pub use whatif::{Change, Outcome, Shift, stopped, what_if};
