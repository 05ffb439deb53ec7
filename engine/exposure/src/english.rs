//! English for the command line. Pages make their own words of the codes.

use crate::attack::{EntryKind, GoalKind};
use crate::fix::Fix;
use crate::plan::Plan;
use crate::report::{CutLine, Report};
use crate::restore::{Copy, Restored};
use crate::step::StepCode;
use crate::story::{Named, Story, Told};
use crate::whatif::Outcome;
use std::fmt;

impl fmt::Display for EntryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            EntryKind::Vpn => "VPN open to the Internet",
            EntryKind::RemoteDesktop => "remote desktop open to the Internet",
            EntryKind::Service => "service open to the Internet",
            EntryKind::SimRouter => "mobile router",
            EntryKind::ClosedNetwork => "closed network",
            EntryKind::Partner => "partner's network",
            EntryKind::Mail => "mail and web pages",
            EntryKind::Media => "sticks, discs and brought-in devices",
            EntryKind::Cloud => "cloud service",
        })
    }
}

impl fmt::Display for GoalKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            GoalKind::RecordsEncrypted => "records encrypted",
            GoalKind::BackupDestroyed => "backup destroyed",
            GoalKind::DataLeaked => "data leaked",
            GoalKind::DeviceStopped => "medical device stopped",
            GoalKind::CareStopped => "care stopped",
        })
    }
}

/// A goal with its process, where it has one.
struct GoalName<'a>(GoalKind, Option<&'a String>);

impl fmt::Display for GoalName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Some(process) => write!(f, "{}: {process}", self.0),
            None => self.0.fmt(f),
        }
    }
}

fn id(end: Option<&String>) -> &str {
    end.map_or("it", String::as_str)
}

fn via(via: Option<&Named>) -> &str {
    via.map_or("the network", |named| named.id.as_str())
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to, via) = (id(self.from.as_ref()), id(self.to.as_ref()), via(self.via.as_ref()));
        match self.code {
            StepCode::VpnHole => write!(f, "A known hole of {to} is used from the Internet"),
            StepCode::VpnLogin => write!(f, "Somebody signs in to {to} with a leaked or guessed password"),
            StepCode::RemoteDesktopLogin => {
                write!(f, "Somebody signs in to {to} by remote desktop from outside")
            }
            StepCode::ServiceHole => write!(f, "A hole of {to} is used from the Internet"),
            StepCode::SimRouter => write!(f, "{to} is entered by its mobile line"),
            StepCode::ClosedNetwork => write!(f, "{to} is entered over the closed network"),
            StepCode::PartnerTaken => write!(f, "The network of {to} is captured"),
            StepCode::MailOpened => write!(f, "A bad mail or page is opened on {to}"),
            StepCode::MediaBrought => write!(f, "A stick or brought-in device infects {to}"),
            StepCode::CloudLogin => write!(f, "Somebody signs in to {to} with a stolen or guessed password"),
            StepCode::PartnerLine => write!(f, "From {from} the line {via} leads to {to}"),
            StepCode::ClosedLine => write!(f, "From {from} the closed line {via} leads to {to}"),
            StepCode::EnterSegment => write!(f, "{from} leads into the segment {to}"),
            StepCode::PassSegments => match (&self.from, &self.to) {
                (Some(from), Some(to)) => write!(f, "From the segment {from} one gets into {to} ({via})"),
                _ => write!(f, "The password is carried over {via}"),
            },
            StepCode::HoleServer
            | StepCode::HoleTerminal
            | StepCode::HoleDevice
            | StepCode::HoleNetworkDevice => write!(f, "A hole of {to} is used from {from}"),
            StepCode::LoginServer
            | StepCode::LoginTerminal
            | StepCode::LoginDevice
            | StepCode::LoginNetworkDevice => {
                write!(f, "From {from} somebody signs in to {to} with a guessed password")
            }
            StepCode::RemoteDesktop => write!(f, "From {from} remote desktop leads to {to} ({via})"),
            StepCode::FileShare => write!(f, "From {from} the data of {to} can be changed ({via})"),
            StepCode::DicomRead | StepCode::Hl7Read => write!(f, "From {from} data of {to} are read ({via})"),
            StepCode::ProtocolHole => write!(f, "From {from} a hole of the service on {to} is used ({via})"),
            StepCode::MediaCarried => write!(f, "A stick carries it from {from} to {to}"),
            StepCode::CloudSession => write!(f, "The open session of {from} leads to {to}"),
            StepCode::SharedPassword => write!(f, "The password of {from} also opens {to} ({via})"),
            StepCode::BecomeAdministrator => write!(f, "The attacker becomes administrator of {to}"),
            StepCode::ReadCredential => write!(f, "The password {via} is read on {from}"),
            StepCode::GuessCredential => write!(f, "The password {via} is guessed from {from}"),
            StepCode::UseCredential => write!(f, "The password {via} opens {to}"),
            StepCode::Manage => write!(f, "{from} manages {to}, so its administrator rules there too"),
            StepCode::Encrypt => write!(f, "{to} is encrypted"),
            StepCode::EncryptOverShare => write!(f, "The data of {to} are encrypted over the share"),
            StepCode::DestroyBackup => write!(f, "The backup {to} is destroyed"),
            StepCode::OverwriteBackup => write!(f, "The backup {to} is overwritten from {from}"),
            StepCode::Leak => write!(f, "Data of {from} are copied out"),
            StepCode::StopDevice => write!(f, "The device {to} stops"),
            StepCode::StopsDependent => write!(f, "Without {from}, {to} stops"),
            StepCode::Follows => f.write_str("It follows"),
        }
    }
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:5.1} %  {}", 100.0 * self.probability, self.entry)?;
        if let Some(entrance) = &self.entrance {
            write!(f, " ({})", entrance.id)?;
        }
        writeln!(f, " → {}", GoalName(self.goal, self.process.as_ref()))?;
        for (number, step) in self.steps.iter().enumerate() {
            write!(f, "         {}. {step}. [{:.0} %]", number + 1, 100.0 * step.probability)?;
            let missing: Vec<&str> =
                step.missing.iter().take(3).map(|missing| missing.control.code()).collect();
            if !missing.is_empty() {
                write!(f, " missing: {}", missing.join(", "))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Fix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} min", self.id, self.minutes)?;
        if self.places.len() > 1 {
            write!(f, ", {} places", self.places.len())?;
        }
        if self.unknown {
            f.write_str(", perhaps there already")?;
        }
        f.write_str(")")?;
        if !self.items.is_empty() {
            write!(f, " checklist: {}", self.items.join(", "))?;
        }
        Ok(())
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let proof = if self.exact { "the best there is" } else { "no proof that it is the best" };
        writeln!(
            f,
            "Plan for {} of {} minutes: harm {:.3} → {:.3}, at least {:.3} within this budget ({proof})",
            self.minutes, self.budget, self.before, self.after, self.bound
        )?;
        for (number, planned) in self.fixes.iter().enumerate() {
            writeln!(f, "  {}. {} → harm {:.3}", number + 1, planned.fix, planned.harm)?;
        }
        Ok(())
    }
}

impl fmt::Display for CutLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CutLine { code, from, to, via } = self.clone();
        Told { code, from, to, via, probability: 1.0, missing: Vec::new() }.fmt(f)
    }
}

impl fmt::Display for Restored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let copy = match self.copy {
            Copy::Tested => "from a tested copy",
            Copy::Untested => "from a copy that nobody has tried",
            Copy::None => "no copy out of reach",
            Copy::NotNeeded => "to set up again",
        };
        write!(f, "{:7.1} h  {} ({copy}, {:.1} h)", self.done, self.id, self.hours)?;
        if !self.returns.is_empty() {
            write!(f, " → again: {}", self.returns.join(", "))?;
        }
        Ok(())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.stops.is_empty() {
            writeln!(f, "Care that stops at once: {}", self.stops.join(", "))?;
        }
        if !self.stops_too.is_empty() {
            writeln!(f, "Other things that stop: {}", self.stops_too.join(", "))?;
        }
        writeln!(f, "How likely each goal is reached, before and after")?;
        for shift in &self.shifts {
            for estimate in [shift.before, shift.after] {
                match estimate {
                    Some(estimate) => write!(f, "{:5.1} %  ", 100.0 * estimate.probability)?,
                    None => write!(f, "    – %  ")?,
                }
            }
            writeln!(f, "{}", GoalName(shift.goal, shift.process.as_ref()))?;
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.size;
        writeln!(
            f,
            "{}: {} nodes, {} connections, {} credentials; attack graph of {} states and {} steps",
            self.name, size.nodes, size.connections, size.credentials, size.states, size.steps
        )?;
        writeln!(f, "The probabilities are judgements: compare them, do not take them for measurements.")?;
        writeln!(f, "\nHow likely each goal is reached (95 % interval of the sampling)")?;
        for risk in &self.goals {
            let (e, goal) = (risk.estimate, GoalName(risk.goal, risk.process.as_ref()));
            writeln!(
                f,
                "{:5.1} %  [{:.1}–{:.1}]  {goal}",
                100.0 * e.probability,
                100.0 * e.low,
                100.0 * e.high
            )?;
        }
        writeln!(f, "\nMost likely paths")?;
        for story in self.stories.iter().take(10) {
            write!(f, "{story}")?;
        }
        writeln!(f, "\nSingle fixes, the most helpful first")?;
        for ranked in self.fixes.iter().take(15) {
            writeln!(f, "  −{:.3}  {}", ranked.gain, ranked.fix)?;
        }
        write!(f, "\n{}", self.plan)?;
        self.rest(f)
    }
}

impl Report {
    fn rest(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cut {
            None => writeln!(f, "\nNo cut keeps every goal safe")?,
            Some(cut) => {
                writeln!(f, "\nFewest steps to prevent so that no goal can be reached: {}", cut.len())?;
                for line in cut.iter().take(20) {
                    writeln!(f, "  {line}")?;
                }
            }
        }
        writeln!(f, "\nBlast radius: likely, at all")?;
        for radius in &self.radii {
            writeln!(f, "  {:6} {:6}  {}", radius.likely, radius.unlimited, radius.id)?;
        }
        if !self.restoration.is_empty() {
            writeln!(f, "\nOrder of restoring, one team")?;
        }
        for restored in &self.restoration {
            writeln!(f, "{restored}")?;
        }
        Ok(())
    }
}
