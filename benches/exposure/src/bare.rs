//! Bare programs: each does one thing, as plainly as somebody would write it who needs nothing else.

use crate::dice::Dice;
use crate::hospital::Hospital;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

pub struct Rows {
    pub start: Vec<u32>,
    pub to: Vec<u32>,
    pub cost: Vec<u32>,
    pub steps: Vec<f64>,
    /// The place of each step in the list of lines.
    pub line: Vec<u32>,
}

pub fn rows(hospital: &Hospital) -> Rows {
    let n = hospital.states as usize;
    let mut start = vec![0_u32; n + 1];
    for line in &hospital.lines {
        start[line.from as usize + 1] += 1;
    }
    for at in 0..n {
        start[at + 1] += start[at];
    }
    let mut next = start.clone();
    let m = hospital.lines.len();
    let (mut to, mut cost, mut steps, mut lines) = (vec![0; m], vec![0; m], vec![0.0; m], vec![0; m]);
    for (at, line) in (0_u32..).zip(&hospital.lines) {
        let place = &mut next[line.from as usize];
        to[*place as usize] = line.to;
        cost[*place as usize] = line.chance.cost();
        steps[*place as usize] = line.chance.probability();
        lines[*place as usize] = at;
        *place += 1;
    }
    Rows { start, to, cost, steps, line: lines }
}

impl Rows {
    fn row(&self, at: u32) -> std::ops::Range<usize> {
        self.start[at as usize] as usize..self.start[at as usize + 1] as usize
    }
}

/// Dijkstra from each entry; costs to all goals, and the paths walked back by their predecessors.
pub fn paths(rows: &Rows, entries: &[u32], goals: &[u32]) -> (Vec<u64>, usize) {
    let n = rows.start.len() - 1;
    let (mut costs, mut length) = (Vec::new(), 0);
    for &entry in entries {
        let (mut known, mut from) = (vec![u64::MAX; n], vec![u32::MAX; n]);
        let mut heap = BinaryHeap::new();
        known[entry as usize] = 0;
        heap.push(Reverse((0_u64, entry)));
        while let Some(Reverse((distance, at))) = heap.pop() {
            if distance > known[at as usize] {
                continue;
            }
            for place in rows.row(at) {
                let (to, through) = (rows.to[place] as usize, distance + u64::from(rows.cost[place]));
                if through < known[to] {
                    known[to] = through;
                    from[to] = at;
                    heap.push(Reverse((through, rows.to[place])));
                }
            }
        }
        for &goal in goals {
            costs.push(known[goal as usize]);
            let mut at = goal;
            while from[at as usize] != u32::MAX && at != entry {
                at = from[at as usize];
                length += 1;
            }
        }
    }
    (costs, length)
}

/// Strong components and bit sets over them in one piece of 64 columns after another.
pub fn blast(rows: &Rows) -> Vec<u32> {
    let n = rows.start.len() - 1;
    let (component, count) = components(rows);
    let mut size = vec![0_u32; count];
    for &c in &component {
        size[c as usize] += 1;
    }
    let mut edges: Vec<(u32, u32)> = Vec::new();
    for at in 0..n as u32 {
        for place in rows.row(at) {
            let (a, b) = (component[at as usize], component[rows.to[place] as usize]);
            if a != b {
                edges.push((a, b));
            }
        }
    }
    edges.sort_unstable();
    edges.dedup();
    let mut total = vec![0_u32; count];
    let mut sets = vec![0_u64; count];
    for first in (0..count).step_by(64) {
        sets.fill(0);
        for bit in 0..64.min(count - first) {
            sets[first + bit] = 1 << bit;
        }
        // Numbers fall along the arrows, so a component's own edges come after those it needs.
        for &(a, b) in &edges {
            sets[a as usize] |= sets[b as usize];
        }
        for (c, &set) in sets.iter().enumerate() {
            let mut bits = set;
            while bits != 0 {
                total[c] += size[first + bits.trailing_zeros() as usize];
                bits &= bits - 1;
            }
        }
    }
    component.iter().map(|&c| total[c as usize]).collect()
}

fn components(rows: &Rows) -> (Vec<u32>, usize) {
    let n = rows.start.len() - 1;
    let (mut order, mut low) = (vec![u32::MAX; n], vec![0_u32; n]);
    let mut component = vec![u32::MAX; n];
    let (mut stack, mut calls, mut time, mut count) = (Vec::new(), Vec::new(), 0, 0);
    for root in 0..n as u32 {
        if order[root as usize] != u32::MAX {
            continue;
        }
        calls.push((root, rows.start[root as usize]));
        while let Some(&mut (at, ref mut next)) = calls.last_mut() {
            let v = at as usize;
            if *next == rows.start[v] && order[v] == u32::MAX {
                order[v] = time;
                low[v] = time;
                time += 1;
                stack.push(at);
            }
            if *next < rows.start[v + 1] {
                let to = rows.to[*next as usize];
                *next += 1;
                if order[to as usize] == u32::MAX {
                    calls.push((to, rows.start[to as usize]));
                } else if component[to as usize] == u32::MAX {
                    low[v] = low[v].min(order[to as usize]);
                }
                continue;
            }
            calls.pop();
            if let Some(&mut (caller, _)) = calls.last_mut() {
                low[caller as usize] = low[caller as usize].min(low[v]);
            }
            if low[v] == order[v] {
                while let Some(other) = stack.pop() {
                    component[other as usize] = count;
                    if other == at {
                        break;
                    }
                }
                count += 1;
            }
        }
    }
    (component, count as usize)
}

/// Dijkstra that stops at the budget, from every state.
pub fn within(rows: &Rows, budget: u32) -> Vec<u32> {
    let n = rows.start.len() - 1;
    let (mut known, mut touched) = (vec![u32::MAX; n], Vec::new());
    let mut heap = BinaryHeap::new();
    (0..n as u32)
        .map(|from| {
            known[from as usize] = 0;
            touched.push(from);
            heap.push(Reverse((0_u32, from)));
            while let Some(Reverse((distance, at))) = heap.pop() {
                if distance > known[at as usize] {
                    continue;
                }
                for place in rows.row(at) {
                    let to = rows.to[place];
                    let through = distance.saturating_add(rows.cost[place]);
                    if through <= budget && through < known[to as usize] {
                        if known[to as usize] == u32::MAX {
                            touched.push(to);
                        }
                        known[to as usize] = through;
                        heap.push(Reverse((through, to)));
                    }
                }
            }
            let count = touched.len() as u32;
            for at in touched.drain(..) {
                known[at as usize] = u32::MAX;
            }
            count
        })
        .collect()
}

/// Dinic on arrays, from one source before the entries to one sink behind the goals.
pub fn cut(hospital: &Hospital) -> u64 {
    let n = hospital.states as usize;
    let (source, sink) = (n, n + 1);
    let mut arcs: Vec<(u32, u32)> = Vec::new();
    let mut out: Vec<Vec<u32>> = vec![Vec::new(); n + 2];
    let mut add = |from: usize, to: usize, room: u32| {
        out[from].push(arcs.len() as u32);
        arcs.push((to as u32, room));
        out[to].push(arcs.len() as u32);
        arcs.push((from as u32, 0));
    };
    for line in &hospital.lines {
        add(line.from as usize, line.to as usize, 1);
    }
    for &entry in &hospital.entries {
        add(source, entry as usize, 1 << 30);
    }
    for &goal in &hospital.goals {
        add(goal as usize, sink, 1 << 30);
    }
    let mut value = 0;
    loop {
        let mut level = vec![u32::MAX; n + 2];
        level[source] = 0;
        let mut queue = VecDeque::from([source]);
        while let Some(at) = queue.pop_front() {
            for &arc in &out[at] {
                let (to, room) = arcs[arc as usize];
                if room > 0 && level[to as usize] == u32::MAX {
                    level[to as usize] = level[at] + 1;
                    queue.push_back(to as usize);
                }
            }
        }
        if level[sink] == u32::MAX {
            return value;
        }
        let mut next = vec![0_usize; n + 2];
        let mut path: Vec<u32> = Vec::new();
        loop {
            let at = path.last().map_or(source, |&arc| arcs[arc as usize].0 as usize);
            if at == sink {
                let least = path.iter().map(|&arc| arcs[arc as usize].1).min().unwrap_or(0);
                for &arc in &path {
                    arcs[arc as usize].1 -= least;
                    arcs[arc as usize ^ 1].1 += least;
                }
                value += u64::from(least);
                path.clear();
                continue;
            }
            let found = (next[at]..out[at].len()).find(|&nth| {
                let (to, room) = arcs[out[at][nth] as usize];
                room > 0 && level[to as usize] == level[at] + 1
            });
            next[at] = found.unwrap_or(out[at].len());
            match (found, path.pop()) {
                (Some(nth), last) => {
                    path.extend(last);
                    path.push(out[at][nth]);
                }
                (None, Some(arc)) => {
                    let tail = arcs[arc as usize ^ 1].0 as usize;
                    next[tail] += 1;
                }
                (None, None) => break,
            }
        }
    }
}

/// Worlds one by one: each line is drawn, then a search by breadth.
pub fn worlds(rows: &Rows, entries: &[u32], goals: &[u32], worlds: u32) -> Vec<u32> {
    let n = rows.start.len() - 1;
    let mut dice = Dice(1);
    let mut hits = vec![0; goals.len()];
    let (mut seen, mut queue) = (vec![0_u32; n], Vec::new());
    for world in 1..=worlds {
        for &entry in entries {
            seen[entry as usize] = world;
            queue.push(entry);
        }
        while let Some(at) = queue.pop() {
            for place in rows.row(at) {
                let to = rows.to[place] as usize;
                if seen[to] != world
                    && ((dice.next() >> 11) as f64) < rows.steps[place] * (1_u64 << 53) as f64
                {
                    seen[to] = world;
                    queue.push(to as u32);
                }
            }
        }
        for (hits, &goal) in hits.iter_mut().zip(goals) {
            *hits += u32::from(seen[goal as usize] == world);
        }
    }
    hits
}

/// Which goals are reached over the lines that are open.
pub fn reached(rows: &Rows, entries: &[u32], goals: &[u32], open: impl Fn(usize) -> bool) -> Vec<u32> {
    let mut seen = vec![false; rows.start.len() - 1];
    let mut queue = entries.to_vec();
    for &entry in entries {
        seen[entry as usize] = true;
    }
    while let Some(at) = queue.pop() {
        for place in rows.row(at) {
            let to = rows.to[place];
            if !seen[to as usize] && open(rows.line[place] as usize) {
                seen[to as usize] = true;
                queue.push(to);
            }
        }
    }
    goals.iter().map(|&goal| u32::from(seen[goal as usize])).collect()
}
