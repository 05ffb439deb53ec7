//! Reports, and what they are filled from.

komainu_db::coded! {
    /// A report, notice or text that is filled from the case.
    Report as "IncidentReport", "report":
    /// First report to the Personal Information Protection Commission (速報).
    RegulatorPreliminary = "regulator-preliminary",
    /// Final report to it (確報).
    RegulatorFinal = "regulator-final",
    /// The fields that the common form for ransomware asks for.
    Ransomware = "ransomware",
    /// The fields that the common form for denial of service asks for.
    Denial = "denial-of-service",
    /// To the ministry.
    Ministry = "ministry",
    /// To the prefecture or the city with a health centre.
    Prefecture = "prefecture",
    /// To the people concerned.
    Patients = "patients",
    /// For a notice on the door, the website, the press.
    Press = "press",
}

komainu_db::coded! {
    /// What people write once, and every report that needs it is filled from.
    Fact as "IncidentFact", "fact":
    /// What happened (概要).
    Overview = "overview",
    /// How it was found.
    Found = "found",
    /// What it does to care.
    Care = "care",
    /// Which systems stand, and which way round is used.
    Systems = "systems",
    /// How the backups stand.
    Backups = "backups",
    /// When what comes back.
    Outlook = "outlook",
    /// Kinds of personal data (個人データの項目).
    DataKinds = "data_kinds",
    /// Number of people (本人の数).
    DataCount = "data_count",
    /// The cause (原因).
    Cause = "cause",
    /// Secondary damage or its risk (二次被害).
    Secondary = "secondary",
    /// How the people concerned are told (本人への対応).
    PeopleTold = "people_told",
    /// Publication (公表).
    Publication = "publication",
    /// Steps against recurrence (再発防止).
    Prevention = "prevention",
    /// Anything else.
    Other = "other",
    /// The way in.
    WayIn = "way_in",
    /// The kind of ransomware or other program.
    Malware = "malware",
    /// What the ransom note says.
    RansomNote = "ransom_note",
    /// The ending of encrypted files.
    FileEnding = "file_ending",
    /// Addresses, hashes and other indicators.
    Indicators = "indicators",
    /// What is under attack.
    DosTarget = "dos_target",
    /// How the attack looks.
    DosKind = "dos_kind",
    /// From when until when.
    DosTime = "dos_time",
    /// What happened, as everybody may read it.
    Notice = "notice",
    /// What is done about it, as everybody may read it.
    NoticeSteps = "notice_steps",
    /// What those concerned can do themselves.
    PatientsDo = "patients_do",
    /// Whom to ask.
    Desk = "desk",
    /// Who reports: duty and way to reach.
    Reporter = "reporter",
}

/// What the case knows without anybody writing it for a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// The institution.
    House,
    /// Number and kind.
    Kind,
    /// When the house first knew.
    FirstKnew,
    /// Level and state.
    State,
    /// Affected things of the ledger.
    Affected,
    /// What was done: tasks.
    Done,
    /// Who was told when.
    Told,
}

/// A line of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// What the case knows.
    Known(Known),
    /// What people write.
    Said(Fact),
}
