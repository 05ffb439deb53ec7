//! Steps with shared secrets.

use super::build::{Builder, number};
use super::law::Owner;
use super::{Index, Meaning};
use crate::model::{ConnectionKind, NodeKind};
use crate::step::StepCode;
use std::collections::{BTreeSet, VecDeque};

/// Stands for the zone of things that are in none.
const NO_ZONE: Index = Index::MAX;

/// A road between zones: where it leads, and which line it is.
type Roads = Vec<Vec<(Index, Index)>>;

impl Builder<'_> {
    /// Every secret: where it is read or guessed, where it is carried, what it opens.
    ///
    /// A secret is followed through the zones that lie between its doors. In a ledger with many secrets and many zones
    /// their product could be large; beyond a number in proportion to the ledger, secrets are no longer carried on.
    pub fn secrets(&mut self) {
        let roads = self.roads();
        let lists: usize = self.network.credentials.iter().map(|secret| secret.opens.len()).sum();
        let most = self.network.nodes.len() + lists + 10_000;
        for at in 0..self.network.credentials.len() {
            self.secret(number(at), &roads, most);
        }
    }

    fn roads(&self) -> Roads {
        let mut roads = vec![Vec::new(); self.network.nodes.len()];
        for (line, connection) in (0_u32..).zip(&self.network.connections) {
            let zone = |id: &str| self.find(id).filter(|&at| self.node(at).kind == NodeKind::Zone);
            let (Some(from), Some(to)) = (zone(&connection.from), zone(&connection.to)) else { continue };
            // Over closed lines and single services nobody signs in.
            if matches!(connection.kind, ConnectionKind::LanSegment | ConnectionKind::Vpn) {
                roads[from as usize].push((to, line));
                if connection.both_ways {
                    roads[to as usize].push((from, line));
                }
            }
        }
        roads
    }

    fn secret(&mut self, secret: Index, roads: &Roads, most: usize) {
        let credential = &self.network.credentials[secret as usize];
        let via = Some(Owner::Credential(secret));
        let opens: BTreeSet<Index> = credential.opens.iter().filter_map(|id| self.find(id)).collect();
        let readable: BTreeSet<Index> =
            credential.readable_on().iter().filter_map(|id| self.find(id)).collect();
        let zone = |builder: &Self, at| builder.zone_of(at).unwrap_or(NO_ZONE);
        let mut queue = VecDeque::new();
        for &at in &readable {
            let home = zone(self, at);
            if !self.is_held(secret, home) {
                queue.push_back(home);
            }
            self.step(StepCode::ReadCredential, Meaning::Admin(at), Meaning::Holds(secret, home), via);
        }
        let doors: BTreeSet<Index> = opens.iter().map(|&at| zone(self, at)).collect();
        for &door in doors.iter().filter(|&&door| door != NO_ZONE) {
            if !self.is_held(secret, door) {
                queue.push_back(door);
            }
            self.step(StepCode::GuessCredential, Meaning::InZone(door), Meaning::Holds(secret, door), via);
        }
        while let Some(at) = queue.pop_front() {
            for &(to, line) in roads.get(at as usize).into_iter().flatten() {
                let known = self.is_held(secret, to);
                if !known && self.held() >= most {
                    continue;
                }
                let (from, target) = (Meaning::Holds(secret, at), Meaning::Holds(secret, to));
                self.step(StepCode::PassSegments, from, target, Some(Owner::Connection(line)));
                if !known {
                    queue.push_back(to);
                }
            }
        }
        for &at in &opens {
            let door = zone(self, at);
            if self.is_held(secret, door) {
                let right = if credential.administrator { Meaning::Admin(at) } else { Meaning::User(at) };
                self.step(StepCode::UseCredential, Meaning::Holds(secret, door), right, via);
            }
        }
    }
}
