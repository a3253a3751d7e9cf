// Made by npm run api from openapi.json. Not for editing.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Absence
         * @description What may follow, and what was found.
         */
        Absence: {
            /** @description For the participant asked for. */
            suggested?: components["schemas"]["AbsenceSuggestion"] & unknown;
            /** @description What was found. */
            made: components["schemas"]["AbsenceFinding"][];
        };
        /**
         * AbsenceFinding
         * @description A judge's finding.
         */
        AbsenceFinding: {
            /**
             * Format: uuid
             * @description Id.
             */
            id: string;
            /**
             * Format: uuid
             * @description Of whom.
             */
            participant_id: string;
            /** @description Consequence. */
            consequence: string;
            /** @description Why. */
            reasons: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
        };
        /**
         * AbsenceGap
         * @description What is missing before a consequence may be considered.
         */
        AbsenceGap: {
            /** @description Stable code. */
            code: string;
            /** @description What. */
            text: string;
            /** @description What, in English. */
            text_en: string;
        };
        /**
         * AbsenceSuggestion
         * @description 可能的后果: a suggestion; a judge decides.
         */
        AbsenceSuggestion: {
            /** @description What it may lead to. */
            consequence: string;
            /** @description 名称. */
            consequence_name: string;
            /** @description Name in English. */
            consequence_name_en: string;
            /** @description 依据. */
            articles: string[];
            /** @description What is missing. */
            missing: components["schemas"]["AbsenceGap"][];
            /** @description Why. */
            text: string;
            /** @description Why, in English. */
            text_en: string;
        };
        /**
         * AcceptOrder
         * @description 立案.
         */
        AcceptOrder: {
            /** @description 审理程序: summary, ordinary or small_claims. What applies to enforcement and to what was sent up on appeal is not chosen. */
            procedure: components["schemas"]["Procedure"] & unknown;
            /**
             * @description The copies of the filer's documents were compared with what was typed; claimed proofs then count as checked.
             * @default false
             */
            documents_compared: boolean;
        };
        /**
         * Accepted
         * @description 立案.
         */
        Accepted: {
            /** @description The filing. */
            filing: components["schemas"]["Filing"] & unknown;
            /**
             * Format: uuid
             * @description The case.
             */
            case_id: string;
            /** @description 案号. */
            case_number: string;
        };
        /**
         * AccessToken
         * @description An access token (RFC 6749 section 5.1).
         */
        AccessToken: {
            /** @description To be sent as `Authorization: Bearer …`. */
            access_token: string;
            /** @description `Bearer`. */
            token_type: string;
            /**
             * Format: int64
             * @description Seconds.
             */
            expires_in: number;
            /** @description Scopes, joined by spaces. */
            scope: string;
        };
        /**
         * AccountChange
         * @description What the person may change.
         */
        AccountChange: {
            /** @description E-mail address; empty takes it away. */
            email?: string;
            /** @description Language of the pages. */
            language?: components["schemas"]["Language"] & unknown;
            /** @description Density of the pages. */
            density?: components["schemas"]["Density"] & unknown;
            /** @description 大字版. */
            large_type?: boolean;
        };
        /**
         * @description As what an account was made: by its owner, or by a court for its people.
         * @enum {string}
         */
        AccountStanding: "natural" | "organisation" | "lawyer" | "legal_worker" | "staff";
        /**
         * Act
         * @description 经过: who did what, when, by which rule, with what effect.
         */
        Act: {
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description Who. */
            who: string;
            /** @description What, as a stable word. */
            act: string;
            /** @description What, in Chinese. */
            text: string;
            /** @description What, in English. */
            text_en: string;
            /** @description 依据. */
            rule?: string;
            /** @description 法律效果. */
            effect?: string;
            /** @description The effect in English. */
            effect_en?: string;
            /** @description How far it is. */
            state: components["schemas"]["ActState"] & unknown;
        };
        /**
         * @description How far an act is.
         * @enum {string}
         */
        ActState: "done" | "waiting" | "planned";
        /**
         * AddressOrder
         * @description 送达地址确认.
         */
        AddressOrder: {
            /**
             * Format: uuid
             * @description Party.
             */
            party_id: string;
            /** @description Agrees to electronic service. */
            agrees: boolean;
            /**
             * @description 平台收件箱 of this account.
             * @default false
             */
            inbox: boolean;
            /**
             * @description Mobile number for service by text message.
             * @default
             */
            sms: string;
            /**
             * @description E-mail for service.
             * @default
             */
            email: string;
            /**
             * @description Account with the national e-delivery platform (usually the mobile number).
             * @default
             */
            national_platform: string;
            /**
             * @description Chat account for service.
             * @default
             */
            chat: string;
            /** @description 邮寄地址. */
            postal: components["schemas"]["PostalOrder"] & unknown;
            /**
             * @description For appeal, retrial and enforcement too.
             * @default false
             */
            all_stages: boolean;
            /** @description Version of the words that were shown. */
            told_version: string;
            /** @description They were understood. */
            understood: boolean;
            /** @description Of a clerk's entry: how it is known. */
            proof?: components["schemas"]["ConsentProof"] & unknown;
        };
        /**
         * AlertEnd
         * @description How an alert was dealt with.
         */
        AlertEnd: {
            /** @description What was done. */
            how: string;
        };
        /**
         * Allocation
         * @description 分案记录.
         */
        Allocation: {
            /**
             * Format: uuid
             * @description Id.
             */
            id: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description random or by_hand. */
            way: string;
            /**
             * Format: uuid
             * @description 承办法官.
             */
            judge: string;
            /** @description Name. */
            judge_name: string;
            /**
             * Format: uuid
             * @description Who sat before.
             */
            before?: string;
            /** @description Why, where a reason is asked for. */
            reason?: string;
            /** @description Among whom the lot was drawn, in the order that counts. */
            lot: components["schemas"]["InTheLot"][];
            /** @description Who was not in it, and why. */
            left_out: components["schemas"]["LeftOut"][];
            /** @description What was thrown: divided by the sum of the weights, the rest names the judge. */
            thrown?: string;
            /** @description Who did it. */
            decided_by: string;
        };
        /**
         * AllocationList
         * @description 分案记录, newest first.
         */
        AllocationList: {
            /** @description The allocations. */
            items: components["schemas"]["Allocation"][];
        };
        /**
         * AllocationOrder
         * @description 分案.
         */
        AllocationOrder: {
            /** @description How. */
            way: components["schemas"]["AllocationWay"] & unknown;
            /**
             * Format: uuid
             * @description 承办法官, by hand.
             */
            judge?: string;
            /**
             * @description Why: by hand, and whenever a judge is changed.
             * @default
             */
            reason: string;
        };
        /**
         * @description How a judge is found.
         * @enum {string}
         */
        AllocationWay: "random" | "by_hand";
        /**
         * ApiClient
         * @description 一个接入的程序.
         */
        ApiClient: {
            /**
             * Format: uuid
             * @description Its public id, `client_id` of OAuth 2.0.
             */
            client_id: string;
            /** @description What its owner calls it. */
            name: string;
            /** @description What it may ask. */
            scopes: components["schemas"]["ApiScope"][];
            /**
             * Format: date-time
             * @description Since when.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it last took a token.
             */
            last_used_at?: string;
        };
        /**
         * ApiClientOrder
         * @description 新程序.
         */
        ApiClientOrder: {
            /** @description Name. */
            name: string;
            /** @description Scopes. */
            scopes: components["schemas"]["ApiScope"][];
        };
        /**
         * ApiClients
         * @description A person's programs.
         */
        ApiClients: {
            /** @description Newest first. */
            items: components["schemas"]["ApiClient"][];
            /**
             * Format: uint32
             * @description How many one person may have.
             */
            most: number;
        };
        /**
         * @description What a program was allowed to ask.
         * @enum {string}
         */
        ApiScope: "cases.read" | "inbox.read" | "filings.read" | "filings.write";
        /**
         * Appeal
         * @description An appeal.
         */
        Appeal: {
            /**
             * Format: uuid
             * @description Appeal.
             */
            id: string;
            /**
             * Format: uuid
             * @description 上诉人.
             */
            party_id: string;
            /** @description The name. */
            party_name: string;
            /** @description Who filed it. */
            filed_by: string;
            /**
             * Format: date-time
             * @description When.
             */
            filed_at: string;
            /** @description How far it is. */
            state: components["schemas"]["AppealState"] & unknown;
            /** @description Against what. */
            against: components["schemas"]["AppealAgainst"] & unknown;
            /** @description 上诉请求. */
            claims: string[];
            /** @description 上诉理由. */
            reasons: string;
            /**
             * Format: int64
             * @description What is still fought about, fen.
             */
            amount_fen?: number;
            /**
             * Format: naive-date
             * @description Last day of the appellant's period, where it ran.
             */
            due_on?: string;
            /** @description It came after that day; whether it stands, the court above decides. */
            late: boolean;
            /**
             * Format: int32
             * @description The court above.
             */
            to_court_id: number;
            /** @description Its name. */
            to_court_name: string;
            /**
             * Format: uuid
             * @description 上诉状.
             */
            paper_id: string;
            /**
             * Format: date-time
             * @description When it was sent up.
             */
            sent_at?: string;
            /**
             * Format: date-time
             * @description When the file came back.
             */
            returned_at?: string;
            /** @description 二审案号, once it came back. */
            second_number?: string;
            /** @description How the case above ended. */
            second_how?: string;
        };
        /**
         * @description Against what.
         * @enum {string}
         */
        AppealAgainst: "judgment" | "not_accepted" | "jurisdiction" | "dismissed";
        /**
         * AppealOrder
         * @description 上诉.
         */
        AppealOrder: {
            /**
             * Format: uuid
             * @description 上诉人: the party one is, or acts for with a special power.
             */
            party_id: string;
            /** @description 上诉请求. */
            claims: string[];
            /** @description 上诉理由. */
            reasons: string;
            /**
             * Format: int64
             * @description What is still fought about, fen; the fee follows it.
             */
            amount_fen?: number;
            /** @description The judgment when absent. */
            against?: components["schemas"]["AppealTarget"] & unknown;
        };
        /**
         * @description How far an appeal is.
         * @enum {string}
         */
        AppealState: "filed" | "sent_up" | "returned";
        /**
         * @description Against what.
         * @enum {string}
         */
        AppealTarget: "judgment" | "ruling";
        /**
         * Appeals
         * @description Appeals of a case.
         */
        Appeals: {
            /** @description Oldest first. */
            items: components["schemas"]["Appeal"][];
        };
        /**
         * AssessOrder
         * @description 核定诉讼费.
         */
        AssessOrder: {
            /** @description What for. */
            purpose: components["schemas"]["FeePurpose"] & unknown;
            /** @description Kind of the tariff, see `/calculators/fee/kinds`. */
            kind: string;
            /**
             * @description Amount in yuan, as the calculator takes it; empty where the kind has none.
             * @default
             */
            amount: string;
            /**
             * @description Words beside it, as the calculator takes them.
             * @default
             */
            params: string;
            /**
             * Format: uuid
             * @description Who prepays.
             */
            party_id: string;
            /**
             * Format: naive-date
             * @description 提出反诉之日, of a counterclaim: the seven days run from the day after it (Art 22); today when none is given.
             */
            filed_on?: string;
        };
        /**
         * AuditPage
         * @description A page of the audit log.
         */
        AuditPage: {
            /** @description Newest first. */
            items: components["schemas"]["AuditRow"][];
            /** @description Ask with it for the next page. */
            next_cursor?: string;
        };
        /**
         * AuditRow
         * @description A row of the audit log.
         */
        AuditRow: {
            /**
             * Format: uuid
             * @description Row.
             */
            id: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /**
             * Format: uuid
             * @description Who.
             */
            person_id?: string;
            /** @description The name, of people who work here or take part in a case here. */
            name?: string;
            /** @description staff, party or system. */
            seat: string;
            /** @description Act. */
            act: string;
            /** @description On what. */
            subject: string;
            /** @description In which request. */
            request_id: string;
            /** @description Details, without personal data. */
            details: unknown;
        };
        /**
         * AwayOrder
         * @description 删除.
         */
        AwayOrder: {
            /** @description Why. */
            reason: string;
        };
        /**
         * BenchName
         * @description Somebody of the bench, or its clerk.
         */
        BenchName: {
            /** @description 席位. */
            plate: string;
            /** @description Name. */
            name: string;
        };
        /**
         * BillStep
         * @description A line of a reckoning as it is kept and shown.
         */
        BillStep: {
            /** @description In Chinese. */
            text: string;
            /** @description In English. */
            text_en: string;
            /** @description What the line adds or comes to, yuan; none for a line that only says something. */
            yuan?: string;
        };
        /**
         * Board
         * @description The board.
         */
        Board: {
            /** @description Hearings. */
            hearings: components["schemas"]["BoardHearing"][];
            /** @description Alerts nobody closed. */
            alerts: components["schemas"]["BoardAlert"][];
        };
        /**
         * BoardAlert
         * @description An alert on the board.
         */
        BoardAlert: {
            /**
             * Format: uuid
             * @description Alert.
             */
            id: string;
            /**
             * Format: uuid
             * @description Hearing.
             */
            hearing_id: string;
            /** @description 会议号. */
            number: string;
            /**
             * Format: uuid
             * @description About whose line.
             */
            participant_id?: string;
            /** @description His or her role. */
            role?: string;
            /** @description Kind. */
            kind: string;
            /** @description Figures. */
            figures: unknown;
            /**
             * Format: date-time
             * @description Since.
             */
            since: string;
            /** @description Who took it. */
            taken_by?: string;
            /**
             * Format: date-time
             * @description When.
             */
            taken_at?: string;
        };
        /**
         * BoardHearing
         * @description A hearing on the board.
         */
        BoardHearing: {
            /**
             * Format: uuid
             * @description Hearing.
             */
            id: string;
            /** @description 会议号. */
            number: string;
            /** @description 案号. */
            case_number: string;
            /** @description Kind of session. */
            kind_name: string;
            /** @description State. */
            state: components["schemas"]["HearingState"] & unknown;
            /** @description 名称. */
            state_name: string;
            /**
             * Format: date-time
             * @description Begins.
             */
            starts_at: string;
            /** @description 法庭. */
            courtroom?: string;
            /**
             * Format: int64
             * @description Seats.
             */
            seats: number;
            /**
             * Format: int64
             * @description With a line.
             */
            connected: number;
            /**
             * Format: int64
             * @description With a poor or bad line.
             */
            poor: number;
            /** @description Everybody who has been in a room of it, the worst line first. */
            people: components["schemas"]["BoardSeat"][];
            /** @description Being recorded, by what lies on the disk of this server; none where another server holds the room. */
            recording?: boolean;
        };
        /**
         * BoardSeat
         * @description 一个人的线路: a seat, not a name.
         */
        BoardSeat: {
            /**
             * Format: uuid
             * @description Participant.
             */
            participant_id: string;
            /** @description Role. */
            role: components["schemas"]["HearingRole"] & unknown;
            /** @description 席位. */
            plate: string;
            /** @description The plate in English. */
            plate_en: string;
            /** @description Where. */
            place: components["schemas"]["HearingPlace"] & unknown;
            /** @description With a line now. */
            connected: boolean;
            /**
             * Format: int64
             * @description Loss on the way up, tenths of a percent.
             */
            up_loss?: number;
            /**
             * Format: int64
             * @description Loss on the way down, tenths of a percent.
             */
            down_loss?: number;
            /**
             * Format: int64
             * @description Round trip, ms.
             */
            rtt_ms?: number;
            /**
             * Format: int64
             * @description Battery, percent.
             */
            battery?: number;
            /** @description good (under 10 % of loss), poor (10 to 15 %) or bad (15 % and more), by the worse way; absent without figures. */
            band?: components["schemas"]["LineBand"] & unknown;
            /**
             * Format: date-time
             * @description Measured.
             */
            at?: string;
        };
        /**
         * Bootstrap
         * @description 平台信息.
         */
        Bootstrap: {
            /** @description The high court's id. */
            province_code: string;
            /** @description 山东. */
            province_name: string;
            /** @description 联庭. */
            product: string;
            /** @description Version of the program. */
            version: string;
            /** @description True on the demo. */
            demo: boolean;
            /** @description The demo's phone page. */
            phone_url?: string;
            /**
             * Format: date-time
             * @description The server's time.
             */
            now: string;
        };
        /**
         * BusyTime
         * @description A time one has none.
         */
        BusyTime: {
            /**
             * Format: uuid
             * @description Entry.
             */
            id: string;
            /**
             * Format: date-time
             * @description From.
             */
            from: string;
            /**
             * Format: date-time
             * @description Until.
             */
            until: string;
        };
        /**
         * BusyTimes
         * @description Times one has none.
         */
        BusyTimes: {
            /** @description From now on. */
            items: components["schemas"]["BusyTime"][];
        };
        /**
         * BytesTaken
         * @description What came in.
         */
        BytesTaken: {
            /**
             * Format: uint64
             * @description Bytes.
             */
            bytes: number;
        };
        /**
         * CalendarChange
         * @description A change of the calendar.
         */
        CalendarChange: {
            /**
             * Format: uuid
             * @description Change.
             */
            id: string;
            /**
             * Format: int32
             * @description Version of the calendar.
             */
            version: number;
            /** @description What it set. */
            days: components["schemas"]["CalendarDay"][];
            /** @description 依据: the notice. */
            basis: string;
            /** @description A word on it. */
            note?: string;
            /** @description Who. */
            set_by: string;
            /**
             * Format: date-time
             * @description When.
             */
            set_at: string;
            /**
             * Format: int64
             * @description Ends it moved; none on a list.
             */
            moved?: number;
            /**
             * Format: int64
             * @description Courts that have counted their clocks anew; none on a list.
             */
            courts_done?: number;
            /**
             * Format: int64
             * @description Courts in all; none on a list.
             */
            courts?: number;
        };
        /**
         * CalendarChanges
         * @description Every change.
         */
        CalendarChanges: {
            /**
             * Format: naive-date
             * @description The last day whose holidays are known.
             */
            known_until: string;
            /**
             * Format: int32
             * @description Version of the calendar.
             */
            version: number;
            /** @description Newest first. */
            items: components["schemas"]["CalendarChange"][];
        };
        /**
         * CalendarDay
         * @description A day of the calendar.
         */
        CalendarDay: {
            /**
             * Format: naive-date
             * @description Day.
             */
            day: string;
            /** @description What it is. */
            kind: components["schemas"]["DayKind"] & unknown;
            /** @description 国庆节. */
            name: string;
            /** @description built_in or province. */
            source: string;
            /** @description The notice, of a day the province set. */
            basis?: string;
        };
        /**
         * CalendarDayOrder
         * @description A day to be set.
         */
        CalendarDayOrder: {
            /**
             * Format: naive-date
             * @description Day.
             */
            day: string;
            /** @description What it is. */
            kind: components["schemas"]["DayKind"] & unknown;
            /**
             * @description Name of a rest day.
             * @default
             */
            name: string;
        };
        /**
         * CalendarOrder
         * @description 节假日变动.
         */
        CalendarOrder: {
            /** @description The days. */
            days: components["schemas"]["CalendarDayOrder"][];
            /**
             * @description 依据: the number of the notice. Mandatory when it is set.
             * @default
             */
            basis: string;
            /** @description A word on it. */
            note?: string;
        };
        /**
         * CalendarPreview
         * @description What a change would move.
         */
        CalendarPreview: {
            /**
             * Format: naive-date
             * @description The last day whose holidays are known now.
             */
            known_until_before: string;
            /**
             * Format: naive-date
             * @description And then.
             */
            known_until_after: string;
            /**
             * Format: int64
             * @description Ends that would move.
             */
            moved: number;
            /** @description By court. */
            courts: components["schemas"]["CalendarPreviewCourt"][];
            /** @description By period and day, at most fifty. */
            examples: components["schemas"]["CalendarPreviewRow"][];
        };
        /**
         * CalendarPreviewCourt
         * @description How many ends would move at a court.
         */
        CalendarPreviewCourt: {
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /** @description Name. */
            court_name: string;
            /**
             * Format: int64
             * @description Ends.
             */
            moved: number;
        };
        /**
         * CalendarPreviewRow
         * @description Ends that would move alike.
         */
        CalendarPreviewRow: {
            /** @description 名称 of the period. */
            name: string;
            /** @description Name in English. */
            name_en: string;
            /**
             * Format: naive-date
             * @description Last day now.
             */
            from_on: string;
            /**
             * Format: naive-date
             * @description Last day then.
             */
            to_on: string;
            /**
             * Format: int64
             * @description How many.
             */
            n: number;
        };
        /**
         * CalendarYear
         * @description A year.
         */
        CalendarYear: {
            /**
             * Format: int32
             * @description Year.
             */
            year: number;
            /** @description It is announced. */
            known: boolean;
            /**
             * Format: naive-date
             * @description The last day whose holidays are known.
             */
            known_until: string;
            /**
             * Format: int32
             * @description Version of the calendar.
             */
            version: number;
            /** @description Rest days and make-up workdays. */
            days: components["schemas"]["CalendarDay"][];
            /** @description Changes that set days of the year, newest first. */
            changes: components["schemas"]["CalendarChange"][];
        };
        /**
         * @description Outcome of a call.
         * @enum {string}
         */
        CallOutcome: "reached" | "no_answer" | "engaged" | "wrong_number" | "refused";
        /**
         * CancelOrder
         * @description 撤回送达.
         */
        CancelOrder: {
            /** @description Why. */
            reason: string;
        };
        /**
         * @description In what capacity somebody is in a case, or looks at it.
         * @enum {string}
         */
        Capacity: "staff" | "plaintiff" | "defendant" | "third_party" | "applicant" | "respondent" | "representative" | "colleague" | "judge" | "clerk" | "presiding_judge";
        /**
         * Case
         * @description 案件.
         */
        Case: {
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /** @description Its name. */
            court_name: string;
            /**
             * Format: uuid
             * @description Case.
             */
            id: string;
            /** @description 案号. */
            number: string;
            /** @description Title. */
            title: string;
            /** @description Kind. */
            kind: components["schemas"]["CaseKind"] & unknown;
            /** @description 案由. */
            cause_name: string;
            /** @description Stage. */
            stage: components["schemas"]["CaseStage"] & unknown;
            /** @description Procedure. */
            procedure: components["schemas"]["Procedure"] & unknown;
            /**
             * Format: date-time
             * @description Docketed.
             */
            filed_at: string;
            /** @description My capacity. */
            my_capacity?: components["schemas"]["Capacity"] & unknown;
            /**
             * Format: date-time
             * @description 结案 time; none while the case is open.
             */
            closed_at?: string;
            /** @description 结案方式. */
            closed_how?: components["schemas"]["Manner"] & unknown;
            /** @description 封存. */
            sealed: boolean;
            /**
             * Format: int32
             * @description Version.
             */
            version: number;
            /**
             * Format: uuid
             * @description The filing it comes from.
             */
            filing_id: string;
            /** @description 原审案件, of second instance. */
            origin?: components["schemas"]["Origin"] & unknown;
            /**
             * Format: date-time
             * @description 退卷: when the file went back to the court below, of second instance.
             */
            file_returned_at?: string;
            /**
             * Format: int64
             * @description 标的额, fen.
             */
            amount_fen?: number;
            /** @description Parties. */
            parties: components["schemas"]["CaseParty"][];
            /** @description 审判组织. */
            staff: components["schemas"]["CaseStaff"][];
            /** @description Clocks. */
            clocks: components["schemas"]["Clock"][];
            /** @description 经过, newest first. */
            timeline: components["schemas"]["Act"][];
            /** @description Papers of the court the viewer may read. */
            papers: components["schemas"]["PaperRef"][];
            /** @description 下一步. */
            next_step?: components["schemas"]["NextStep"] & unknown;
            /** @description Colleagues counsel shares the case with; for that counsel alone. */
            colleagues: components["schemas"]["Colleague"][];
            /** @description The viewer. */
            viewer: components["schemas"]["CaseViewer"] & unknown;
        };
        /**
         * @description What somebody may do with a case.
         * @enum {string}
         */
        CaseAct: "seal" | "assign" | "add_leaf" | "close" | "join_codes" | "read_secret" | "suspend" | "travel" | "excuse_decide" | "what_if" | "representatives" | "leave" | "colleagues";
        /**
         * CaseClocks
         * @description The clocks of a case.
         */
        CaseClocks: {
            /** @description The clocks. */
            items: components["schemas"]["Clock"][];
            /** @description What bears on them. */
            facts: components["schemas"]["ClockFact"][];
            /** @description Applications for more time that the viewer may see. */
            excuses: components["schemas"]["Excuse"][];
            /** @description Ends that were moved, newest first. */
            moves: components["schemas"]["ClockMove"][];
            /** @description What the viewer may do: suspend, travel, excuse_decide, excuse_ask, what_if. */
            may: string[];
        };
        /**
         * CaseFees
         * @description The fees of a case.
         */
        CaseFees: {
            /**
             * Format: uuid
             * @description Case.
             */
            case_id: string;
            /** @description 案号. */
            case_number: string;
            /** @description Bills, oldest first. */
            bills: components["schemas"]["FeeBill"][];
            /** @description The tariff needs something the court has not said: a clerk assesses. */
            to_assess: boolean;
            /** @description Online payment is open here. */
            online: boolean;
            /** @description What the viewer may do. */
            may: components["schemas"]["FeeMay"][];
        };
        /**
         * CaseFile
         * @description 电子卷宗.
         */
        CaseFile: {
            /** @description Folders in the standard order; empty ones are left out. */
            folders: components["schemas"]["CaseFolder"][];
        };
        /**
         * @description The catalogue a case file follows.
         * @enum {string}
         */
        CaseFileKind: "civil" | "enforcement";
        /**
         * CaseFolder
         * @description A folder of the file.
         */
        CaseFolder: {
            /**
             * Format: int32
             * @description Number in the standard order.
             */
            n: number;
            /** @description Name. */
            name: string;
            /** @description 正卷 or 副卷. */
            volume: components["schemas"]["Volume"] & unknown;
            /** @description Leaves. */
            leaves: components["schemas"]["Leaf"][];
        };
        /**
         * @description 案件种类.
         * @enum {string}
         */
        CaseKind: "civil" | "administrative" | "enforcement";
        /**
         * CaseList
         * @description A page of cases.
         */
        CaseList: {
            /** @description The cases. */
            items: components["schemas"]["CaseSummary"][];
            /** @description Ask with it for the next page. */
            next_cursor?: string;
        };
        /**
         * CaseParty
         * @description 当事人.
         */
        CaseParty: {
            /**
             * Format: uuid
             * @description Party.
             */
            id: string;
            /** @description Side. */
            side: components["schemas"]["PartySide"] & unknown;
            /** @description Kind. */
            kind: components["schemas"]["PartyKind"] & unknown;
            /** @description Name. */
            name: string;
            /** @description Number, masked for the viewer. */
            id_masked?: string;
            /** @description Phone, masked for the viewer. */
            phone_masked?: string;
            /** @description Address, as the viewer may see it. */
            address?: string;
            /** @description Has joined with an account. */
            joined: boolean;
            /** @description The viewer is this party. */
            own: boolean;
            /** @description Counsel. */
            representatives: components["schemas"]["CaseRepresentative"][];
        };
        /**
         * CaseRepresentative
         * @description 诉讼代理人.
         */
        CaseRepresentative: {
            /**
             * Format: uuid
             * @description Representative.
             */
            id: string;
            /** @description Name. */
            name: string;
            /** @description Firm. */
            unit?: string;
            /** @description Kind. */
            kind: components["schemas"]["RepresentativeKind"] & unknown;
            /** @description 代理权限. */
            power: components["schemas"]["Power"] & unknown;
            /** @description Acts still. */
            active: boolean;
            /** @description Has joined with an account. */
            joined: boolean;
        };
        /**
         * CaseStaff
         * @description 审判组织成员.
         */
        CaseStaff: {
            /** @description As what. */
            role: components["schemas"]["PanelRole"] & unknown;
            /** @description Name. */
            name: string;
            /**
             * Format: uuid
             * @description Account.
             */
            person_id?: string;
        };
        /**
         * @description 案件所处阶段.
         * @enum {string}
         */
        CaseStage: "docketed" | "assigned" | "closed";
        /**
         * CaseSummary
         * @description A case in a list.
         */
        CaseSummary: {
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /** @description Its name. */
            court_name: string;
            /**
             * Format: uuid
             * @description Case.
             */
            id: string;
            /** @description 案号. */
            number: string;
            /** @description Title. */
            title: string;
            /** @description Kind. */
            kind: components["schemas"]["CaseKind"] & unknown;
            /** @description 案由. */
            cause_name: string;
            /** @description Stage. */
            stage: components["schemas"]["CaseStage"] & unknown;
            /** @description Procedure. */
            procedure: components["schemas"]["Procedure"] & unknown;
            /**
             * Format: date-time
             * @description Docketed.
             */
            filed_at: string;
            /** @description My capacity, for parties and counsel. */
            my_capacity?: components["schemas"]["Capacity"] & unknown;
            /**
             * Format: date-time
             * @description 结案 time; none while the case is open.
             */
            closed_at?: string;
            /** @description 结案方式. */
            closed_how?: components["schemas"]["Manner"] & unknown;
            /** @description The clock that ends next. */
            next_clock?: components["schemas"]["Clock"] & unknown;
            /** @description The last act. */
            last_act?: components["schemas"]["LastAct"] & unknown;
            /** @description 封存. */
            sealed: boolean;
        };
        /**
         * CaseViewer
         * @description The viewer.
         */
        CaseViewer: {
            /** @description As whom. */
            capacity: components["schemas"]["Capacity"] & unknown;
            /** @description What the viewer may do. */
            may: components["schemas"]["CaseAct"][];
        };
        /**
         * Cause
         * @description 案由.
         */
        Cause: {
            /** @description 108.3. */
            code: string;
            /** @description civil or administrative. */
            domain: string;
            /** @description Edition. */
            edition: string;
            /** @description Name. */
            name: string;
            /**
             * Format: uint8
             * @description 1 to 4.
             */
            level: number;
            /** @description Names above, from the top. */
            path: string[];
            /** @description Element-style form, when there is one. */
            form?: string;
            /** @description The everyday word that matched. */
            matched?: string;
        };
        /**
         * CauseList
         * @description Causes found.
         */
        CauseList: {
            /** @description Best first. */
            items: components["schemas"]["Cause"][];
        };
        /**
         * CausesInForce
         * @description 案由 in force for a kind of case.
         */
        CausesInForce: {
            /** @description civil or administrative. */
            domain: string;
            /** @description Edition. */
            edition: string;
            /** @description Where they are searched. */
            search: string;
        };
        /**
         * CheckItem
         * @description One finding of the checker.
         */
        CheckItem: {
            /** @description The rule, such as `G3`. */
            id: string;
            /** @description How heavy. */
            level: components["schemas"]["CheckLevel"] & unknown;
            /** @description Step of the form. */
            step: components["schemas"]["FilingStep"] & unknown;
            /** @description JSON pointer into the content. */
            field: string;
            /** @description 原因. */
            text: string;
            /** @description The cause in English. */
            text_en: string;
            /** @description 怎么办. */
            cure: string;
            /** @description The cure in English. */
            cure_en: string;
            /** @description 依据. */
            article: string;
            /** @description May be sent all the same for a clerk to look at. */
            way_on: boolean;
        };
        /**
         * @description How heavy an item is.
         * @enum {string}
         */
        CheckLevel: "block" | "warn" | "info";
        /**
         * @description 核验方式.
         * @enum {string}
         */
        CheckMethod: "registry" | "face";
        /**
         * CheckReport
         * @description All findings.
         */
        CheckReport: {
            /** @description Nothing blocks. */
            sendable: boolean;
            /** @description The heaviest first. */
            items: components["schemas"]["CheckItem"][];
        };
        /**
         * CheckWanted
         * @description 核验.
         */
        CheckWanted: {
            /** @description How. */
            method: components["schemas"]["CheckMethod"] & unknown;
        };
        /**
         * Claim
         * @description Who is reviewing.
         */
        Claim: {
            /**
             * Format: uuid
             * @description Clerk.
             */
            person_id: string;
            /** @description Name. */
            name: string;
            /**
             * Format: date-time
             * @description Until when.
             */
            until: string;
        };
        /**
         * ClaimOrder
         * @description 变更诉讼请求.
         */
        ClaimOrder: {
            /**
             * Format: int64
             * @description What is claimed from now on, fen.
             */
            amount_fen: number;
            /** @description Before the court investigation ended; lowered later, nothing of the fee goes back. */
            before_inquiry_ends: boolean;
            /** @description In words. */
            reason: string;
        };
        /**
         * Clock
         * @description 期限: a legal clock, with how it was counted.
         */
        Clock: {
            /** @description Stable key. */
            key: string;
            /** @description 名称. */
            name: string;
            /** @description Name in English. */
            name_en: string;
            /**
             * Format: naive-date
             * @description First day that counts.
             */
            starts_on: string;
            /**
             * Format: naive-date
             * @description Last day, Beijing.
             */
            due_on: string;
            /**
             * Format: date-time
             * @description 24:00 of the last day, as an instant.
             */
            due_at: string;
            /**
             * Format: uint32
             * @description Days in all.
             */
            total_days: number;
            /**
             * Format: uint32
             * @description Days begun, today included.
             */
            used_days: number;
            /** @description How it stands. */
            state: components["schemas"]["ClockState"] & unknown;
            /** @description Why it stands still, or that it was done late. */
            reason?: string;
            /** @description 依据. */
            article: string;
            /** @description The rule that set its length. */
            rule_key: string;
            /**
             * Format: naive-date
             * @description The rest day from which the end was moved.
             */
            rolled_from?: string;
            /** @description The reckoning; empty in lists, where nobody reads fifty of them. */
            steps: components["schemas"]["ClockStep"][];
            /**
             * Format: uuid
             * @description Of a clock that hangs on an event of its own: its id. None: it hangs on docketing, a bill or a filing.
             */
            id?: string;
            /** @description What the event was: 《应诉通知书》送达. */
            cause?: string;
            /** @description The event in English. */
            cause_en?: string;
            /**
             * Format: date-time
             * @description When the event was.
             */
            from_at?: string;
            /**
             * Format: uuid
             * @description Whose period it is; none: the court's own.
             */
            party_id?: string;
            /** @description The party's name. */
            party?: string;
            /**
             * Format: uint32
             * @description Days that stood still.
             */
            days_not_counted: number;
            /**
             * Format: uint32
             * @description Days on the way.
             */
            travel_days: number;
            /** @description Ends it was moved from, oldest first. */
            moved: components["schemas"]["ClockMoved"][];
        };
        /**
         * ClockFact
         * @description What bears on the clocks of a case.
         */
        ClockFact: {
            /**
             * Format: uuid
             * @description Fact.
             */
            id: string;
            /** @description stay, not_counted, travel. */
            kind: string;
            /** @description stay, appraisal, audit, notice, jurisdiction, settlement, mediation, travel. */
            ground: string;
            /** @description 名称. */
            ground_name: string;
            /** @description Name in English. */
            ground_name_en: string;
            /**
             * Format: naive-date
             * @description First day not counted.
             */
            from?: string;
            /**
             * Format: naive-date
             * @description Last day not counted; none while it goes on.
             */
            until?: string;
            /**
             * Format: int32
             * @description Days on the way.
             */
            days?: number;
            /**
             * Format: uuid
             * @description Of days on the way: which clock.
             */
            clock_id?: string;
            /** @description 依据. */
            basis: string;
            /** @description In words. */
            reason: string;
            /** @description Who set it. */
            set_by: string;
            /**
             * Format: date-time
             * @description When.
             */
            set_at: string;
            /**
             * Format: date-time
             * @description When its end was written down.
             */
            ended_at?: string;
        };
        /**
         * ClockMove
         * @description An end that was moved, and why.
         */
        ClockMove: {
            /**
             * Format: uuid
             * @description Line.
             */
            id: string;
            /**
             * Format: date-time
             * @description When it was moved.
             */
            at: string;
            /** @description clock, fee, correction. */
            kind: string;
            /**
             * Format: uuid
             * @description Clock, bill or filing.
             */
            subject_id: string;
            /**
             * Format: uuid
             * @description Case.
             */
            case_id?: string;
            /**
             * Format: uuid
             * @description Filing.
             */
            filing_id?: string;
            /** @description 案号 or 网立号. */
            number?: string;
            /** @description Title. */
            title?: string;
            /** @description 名称 of the period. */
            name: string;
            /** @description Name in English. */
            name_en: string;
            /**
             * Format: naive-date
             * @description Last day before.
             */
            from_on: string;
            /**
             * Format: date-time
             * @description The end before.
             */
            from_at: string;
            /**
             * Format: naive-date
             * @description Last day since; none: the court has no rule, nothing moved.
             */
            to_on?: string;
            /**
             * Format: date-time
             * @description The end since.
             */
            to_at?: string;
            /** @description outage, calendar, excuse, travel, stay, not_counted. */
            reason: string;
            /**
             * Format: uuid
             * @description The outage.
             */
            outage_id?: string;
            /**
             * Format: uuid
             * @description The change of the calendar.
             */
            change_id?: string;
            /**
             * Format: int32
             * @description Version of the court's rule.
             */
            rule_version?: number;
            /** @description Why, in Chinese. */
            text: string;
            /** @description Why, in English. */
            text_en: string;
        };
        /**
         * ClockMoved
         * @description An end that was moved.
         */
        ClockMoved: {
            /**
             * Format: naive-date
             * @description Last day before.
             */
            from_on: string;
            /**
             * Format: naive-date
             * @description Last day since.
             */
            to_on: string;
            /** @description By what. */
            reason: components["schemas"]["MovedBy"] & unknown;
            /** @description Why, in Chinese. */
            text: string;
            /** @description Why, in English. */
            text_en: string;
        };
        /**
         * ClockMoves
         * @description What moved.
         */
        ClockMoves: {
            /** @description Newest first. */
            items: components["schemas"]["ClockMove"][];
            /**
             * Format: uuid
             * @description Ask with it for the next page.
             */
            next_cursor?: string;
        };
        /**
         * @description The state of a clock.
         * @enum {string}
         */
        ClockState: "running" | "soon" | "last_day" | "breached" | "paused" | "done";
        /**
         * ClockStep
         * @description One sentence of a reckoning.
         */
        ClockStep: {
            /** @description In Chinese. */
            text: string;
            /** @description In English. */
            text_en: string;
        };
        /**
         * ClockWhatIf
         * @description 试算: what a clock would be, nothing kept.
         */
        ClockWhatIf: {
            /** @description As the public calculator reckons it, with this court's choices. */
            answer: components["schemas"]["DeadlineAnswer"] & unknown;
            /** @description The clock as it stands, when one was named. */
            now?: components["schemas"]["Clock"] & unknown;
            /**
             * Format: naive-date
             * @description The last day, were so many days granted to a party that missed it.
             */
            moves_to?: string;
        };
        /**
         * ClosingOrder
         * @description 结案.
         */
        ClosingOrder: {
            /** @description 结案方式. */
            manner: components["schemas"]["Manner"] & unknown;
            /**
             * Format: naive-date
             * @description Day it ended, Beijing.
             */
            closed_on: string;
            /**
             * @description What the file should say besides.
             * @default
             */
            note: string;
        };
        /**
         * CodeSent
         * @description 验证码已发.
         */
        CodeSent: {
            /**
             * Format: uint32
             * @description Seconds the code is good for.
             */
            expires_in_s: number;
            /**
             * Format: uint32
             * @description Seconds until another may be asked for.
             */
            resend_after_s: number;
        };
        /**
         * CodeWanted
         * @description 要验证码.
         */
        CodeWanted: {
            /** @description Mobile number. */
            mobile: string;
            /** @description What for. */
            purpose: components["schemas"]["Purpose"] & unknown;
        };
        /**
         * Colleague
         * @description 共享案件的同所律师.
         */
        Colleague: {
            /**
             * Format: uuid
             * @description Person.
             */
            person_id: string;
            /** @description Name. */
            name: string;
            /**
             * Format: date-time
             * @description Since.
             */
            since: string;
        };
        /**
         * ColleagueOrder
         * @description A colleague.
         */
        ColleagueOrder: {
            /** @description Licence number. */
            licence: string;
        };
        /**
         * ConfirmOrder
         * @description Confirming a court.
         */
        ConfirmOrder: {
            /** @description 依据: where its code and name were checked. */
            basis: string;
        };
        /**
         * @description How a clerk knows it.
         * @enum {string}
         */
        ConsentProof: "phone_record" | "signed_form" | "in_court";
        /**
         * @description 审级、阶段: consent at one is not consent at all.
         * @enum {string}
         */
        ConsentStage: "first_instance" | "second_instance" | "retrial" | "enforcement";
        /**
         * ConsentVersion
         * @description A version of what was said about service.
         */
        ConsentVersion: {
            /**
             * Format: uuid
             * @description Entry.
             */
            id: string;
            /** @description given, refused, withdrawn. */
            says: string;
            /** @description express, prior, gave_address, by_conduct. */
            kind?: string;
            /** @description Stage. */
            stage: string;
            /** @description All stages. */
            all_stages: boolean;
            /** @description Channels. */
            channels: string[];
            /** @description Addresses, masked. */
            addresses: string[];
            /**
             * Format: date-time
             * @description Said.
             */
            said_at: string;
            /**
             * Format: naive-date
             * @description In force from.
             */
            valid_from: string;
            /**
             * Format: uuid
             * @description The confirmation as a paper.
             */
            paper_id?: string;
            /** @description Where it is proved. */
            proof: string;
            /**
             * Format: int32
             * @description 沿用自: the court of the earlier case it was taken over from (民诉法解释 第一百三十七条).
             */
            carried_court?: number;
            /** @description 案号 of that case. */
            carried_number?: string;
        };
        /**
         * Correction
         * @description One correction list with its fate.
         */
        Correction: {
            /**
             * Format: int32
             * @description Number, from 1.
             */
            n: number;
            /**
             * Format: date-time
             * @description Sent.
             */
            sent_at: string;
            /** @description 补正期限. */
            deadline: components["schemas"]["Clock"] & unknown;
            /** @description The list. */
            items: components["schemas"]["CorrectionItem"][];
            /**
             * Format: date-time
             * @description Answered.
             */
            answered_at?: string;
            /** @description An item could have stood in an earlier list (L09): recorded. */
            violation: boolean;
        };
        /**
         * CorrectionItem
         * @description One thing to correct.
         */
        CorrectionItem: {
            /**
             * Format: int32
             * @description Number in the list, from 1.
             * @default 0
             */
            n: number;
            /**
             * @description Step of the form.
             * @default
             */
            step: string;
            /** @description JSON pointer into the content. */
            field?: string;
            /**
             * Format: uuid
             * @description File.
             */
            file_id?: string;
            /**
             * Format: uint32
             * @description Page of the file.
             */
            page?: number;
            /** @description 什么问题. */
            what: string;
            /** @description 在哪里. */
            where: string;
            /** @description 怎么补. */
            cure: string;
            /** @description Why the paper original is wanted, when it is (在线诉讼规则 Art 12): nobody is sent for paper without one of these. */
            original_ground?: components["schemas"]["OriginalGround"] & unknown;
            /**
             * @description The filer has answered it.
             * @default false
             */
            done: boolean;
        };
        /**
         * Corrects
         * @description The correction a draft answers.
         */
        Corrects: {
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /**
             * Format: uuid
             * @description Filing.
             */
            filing_id: string;
            /** @description 网立 number. */
            filing_number: string;
            /** @description 补正期限. */
            deadline: components["schemas"]["Clock"] & unknown;
            /** @description The complete list. */
            items: components["schemas"]["CorrectionItem"][];
        };
        /**
         * Court
         * @description 法院.
         */
        Court: {
            /**
             * Format: int32
             * @description 370102.
             */
            id: number;
            /** @description 鲁0102. */
            code: string;
            /** @description 济南市历下区人民法院. */
            name: string;
            /** @description high, intermediate, special, basic. */
            level: string;
            /**
             * Format: int32
             * @description The court above.
             */
            parent_id?: number;
            /** @description Open for filings. */
            enabled: boolean;
            /** @description How sure the code is: sure, derived, probable, unsure. */
            confidence: string;
            /** @description 行政区划代码. */
            division_code?: string;
        };
        /**
         * CourtDetail
         * @description A court's public page.
         */
        CourtDetail: {
            /**
             * Format: int32
             * @description 370102.
             */
            id: number;
            /** @description 鲁0102. */
            code: string;
            /** @description Name. */
            name: string;
            /** @description Level. */
            level: string;
            /**
             * Format: int32
             * @description The court above.
             */
            parent_id?: number;
            /** @description Its name. */
            parent_name?: string;
            /** @description Open for filings. */
            enabled: boolean;
            /** @description How sure the code is. */
            confidence: string;
            /** @description 行政区划代码. */
            division_code?: string;
            /** @description Telephone. */
            phone: string;
            /** @description Address of the counter. */
            address?: string;
            /** @description Hours of the counter. */
            hours?: string;
            /** @description Kinds of case filed online. */
            filing_kinds: string[];
            /**
             * Format: int64
             * @description Largest file in bytes.
             */
            upload_max_bytes: number;
            /** @description Accepted media types. */
            upload_types: string[];
            /**
             * Format: uint32
             * @description Days to review a filing.
             */
            review_days: number;
            /** @description Review on the same day is the target. */
            same_day_target: boolean;
        };
        /**
         * CourtFigures
         * @description One court's figures.
         */
        CourtFigures: {
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /** @description Name. */
            name: string;
            /** @description Court above. */
            parent_name?: string;
            /** @description Open for filings. */
            enabled: boolean;
            /** @description How sure the code is. */
            confidence: string;
            /**
             * Format: int64
             * @description Waiting.
             */
            waiting: number;
            /**
             * Format: int64
             * @description Due today.
             */
            due_today: number;
            /**
             * Format: int64
             * @description Past their limit.
             */
            overdue: number;
            /**
             * Format: int64
             * @description Decided on the day of receipt over 30 days, percent.
             */
            same_day_percent?: number;
            /**
             * Format: double
             * @description Median hours from receipt to decision over 30 days.
             */
            median_hours?: number;
            /**
             * Format: int64
             * @description Items asked for later that were visible the first time (L09), over 30 days.
             */
            violations: number;
            /**
             * Format: int64
             * @description Cases docketed this year.
             */
            cases_this_year: number;
        };
        /**
         * CourtList
         * @description A list of courts.
         */
        CourtList: {
            /** @description The courts, high first. */
            items: components["schemas"]["Court"][];
        };
        /**
         * CourtPolicy
         * @description The rules of one court, for software and people.
         */
        CourtPolicy: {
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /**
             * Format: int32
             * @description Changes when any rule does.
             */
            version: number;
            /** @description The rules. */
            rules: components["schemas"]["Rule"][];
        };
        /**
         * Courtroom
         * @description 法庭.
         */
        Courtroom: {
            /**
             * Format: uuid
             * @description Room.
             */
            id: string;
            /** @description 名称. */
            name: string;
            /** @description physical or virtual. */
            kind: string;
            /** @description Where. */
            place: string;
            /**
             * Format: int32
             * @description 旁听席.
             */
            gallery: number;
            /** @description 国徽 hangs in the picture (在线诉讼规则 Art 24). */
            emblem: boolean;
            /** @description Used. */
            active: boolean;
            /**
             * Format: int32
             * @description Version.
             */
            version: number;
        };
        /**
         * CourtroomFeed
         * @description A secret address.
         */
        CourtroomFeed: {
            /** @description To be given to the screen at the door; shown once. */
            url: string;
        };
        /**
         * @description 法庭的种类.
         * @enum {string}
         */
        CourtroomKind: "physical" | "virtual";
        /**
         * CourtroomList
         * @description Courtrooms, those in use first.
         */
        CourtroomList: {
            /** @description Rooms. */
            items: components["schemas"]["Courtroom"][];
        };
        /**
         * CourtroomOrder
         * @description What is said of a room.
         */
        CourtroomOrder: {
            /** @description 名称. */
            name: string;
            /** @description Kind. */
            kind: components["schemas"]["CourtroomKind"] & unknown;
            /** @description Where: floor and door, or the platform. */
            place: string;
            /**
             * Format: int32
             * @description 旁听席.
             */
            gallery: number;
            /** @description 国徽 hangs in the picture. */
            emblem: boolean;
            /** @description Used. */
            active: boolean;
            /**
             * Format: int32
             * @description Of a change: the version its page showed.
             */
            version?: number;
        };
        /**
         * @description What a table of holidays says of a day (国务院办公厅节假日安排).
         * @enum {string}
         */
        DayKind: "holiday" | "workday" | "plain";
        /**
         * DeadlineAnswer
         * @description A deadline, counted step by step.
         */
        DeadlineAnswer: {
            /** @description The last day (2024-02-18), or the moment for hours (2024-04-05T17:00, Beijing time). */
            due: string;
            /** @description date or moment. */
            due_is: string;
            /** @description The last day before any roll, in the same form. */
            raw: string;
            /**
             * Format: naive-date
             * @description The rest day from which the end was moved.
             */
            rolled_from?: string;
            /** @description 一 to 日. */
            weekday: string;
            /** @description Mon to Sun. */
            weekday_en: string;
            /**
             * Format: date-time
             * @description The instant it ends.
             */
            due_at: string;
            /**
             * Format: date-time
             * @description For hours: the literal end, at which the court is alarmed.
             */
            alarm_at?: string;
            /**
             * Format: naive-date
             * @description For what is counted backwards: the working day by which to act.
             */
            act_by?: string;
            /** @description What the date is: last_day, earliest_day, latest_day or same_day. */
            meaning: string;
            /** @description Key of the period. */
            rule: string;
            /** @description 名称. */
            name: string;
            /** @description Name in English. */
            name_en: string;
            /** @description The length that was counted, in Chinese. */
            period: string;
            /** @description The length that was counted, in English. */
            period_en: string;
            /** @description The article of the period. */
            article: string;
            /** @description All articles, those of the way of counting included. */
            basis: string;
            /** @description The reckoning. */
            steps: components["schemas"]["ClockStep"][];
            /** @description Each period of a chain. */
            links: components["schemas"]["DeadlineLink"][];
            /**
             * Format: naive-date
             * @description The last day to ask for a missed period back.
             */
            excuse_by?: string;
            /** @description The day scale, as it stands today; none for hours, leads and what is counted backwards. */
            clock?: components["schemas"]["Clock"] & unknown;
            /**
             * Format: int32
             * @description The court whose choices were used.
             */
            court?: number;
            /** @description Its name. */
            court_name?: string;
        };
        /**
         * DeadlineLink
         * @description One period of a chain, counted.
         */
        DeadlineLink: {
            /** @description Key of the period. */
            rule: string;
            /** @description 名称. */
            name: string;
            /** @description Name in English. */
            name_en: string;
            /**
             * Format: naive-date
             * @description The last day.
             */
            due: string;
            /** @description 依据. */
            article: string;
        };
        /**
         * DeadlineRule
         * @description A period of the table.
         */
        DeadlineRule: {
            /** @description Stable key. */
            key: string;
            /** @description 名称. */
            name: string;
            /** @description Name in English. */
            name_en: string;
            /**
             * Format: uint32
             * @description How many units; 0 for an event that is its own day.
             */
            n: number;
            /** @description hours, days, working_days, months or years. */
            unit: string;
            /** @description The length in Chinese. */
            period: string;
            /** @description The length in English. */
            period_en: string;
            /** @description The event whose day is not counted; for what is counted backwards, the day it is counted from. */
            starts: string;
            /** @description The event in English. */
            starts_en: string;
            /** @description court, party, applicant, respondent or mediator. */
            who: string;
            /** @description legal, fixed, internal, measure, notice, mediation, plain, back, lead, chain or same_day. */
            kind: string;
            /** @description Whether a last day that is a rest day moves: always, never or setting. */
            rolls: string;
            /** @description 依据. */
            article: string;
            /** @description Modes it understands. */
            modes: string[];
            /** @description Other names. */
            also_called: string[];
            /** @description Keys of its periods, for a chain. */
            links: string[];
        };
        /**
         * DeadlineRuleList
         * @description Every period.
         */
        DeadlineRuleList: {
            /** @description In the order of a case's life; chains last. */
            items: components["schemas"]["DeadlineRule"][];
            /**
             * Format: naive-date
             * @description The last day whose holidays are announced.
             */
            known_until: string;
        };
        /**
         * DeliveryReceipt
         * @description 送达回执.
         */
        DeliveryReceipt: {
            /** @description The same over repetitions. */
            receipt_id: string;
            /** @description Our number of the sending. */
            delivery_id: string;
            /** @description accepted, sent, arrived, read, answered or bounced; another word is kept and shown to the clerk. */
            state: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
            /** @description Why it bounced. */
            reason?: string;
        };
        /**
         * DeliveryReport
         * @description 短信回执.
         */
        DeliveryReport: {
            /** @description The gateway's id. */
            gateway_id: string;
            /** @description Ours. */
            message_id: string;
            /** @description Result. */
            status: components["schemas"]["DeliveryState"] & unknown;
            /**
             * @description What is known of the number besides: `number_off` (停机), `number_absent` (空号), `number_reassigned` (已换主人; also of what
             *     arrived). Another code is kept for nobody.
             */
            code?: string;
            /** @description Why it failed. */
            reason?: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
        };
        /**
         * @description 送达结果.
         * @enum {string}
         */
        DeliveryState: "delivered" | "failed";
        /**
         * @description 界面疏密.
         * @enum {string}
         */
        Density: "large" | "easy" | "office" | "dense";
        /**
         * Desk
         * @description A page of the service desk.
         */
        Desk: {
            /** @description Rows, the longest waiting first. */
            items: components["schemas"]["DeskRow"][];
            /** @description By state. */
            counts: components["schemas"]["StateCount"][];
            /**
             * Format: uuid
             * @description Ask with it for the next page.
             */
            next_cursor?: string;
        };
        /**
         * DeskRow
         * @description A row of the service desk.
         */
        DeskRow: {
            /**
             * Format: uuid
             * @description Service.
             */
            service_id: string;
            /**
             * Format: uuid
             * @description Recipient.
             */
            recipient_id: string;
            /**
             * Format: uuid
             * @description Case.
             */
            case_id: string;
            /** @description 案号. */
            number: string;
            /** @description 受送达人. */
            party: string;
            /** @description 诉讼地位. */
            role: string;
            /** @description Titles of the papers. */
            papers: string[];
            /**
             * Format: date-time
             * @description Ordered.
             */
            since: string;
            /** @description electronic, paper, waiting_for_clerk, waiting_for_judge, done, stuck, cancelled. */
            state: string;
            /** @description yes, presumed, no, notice_unusable. */
            effect: string;
            /** @description 结果代码. */
            row_code?: string;
            /**
             * Format: date-time
             * @description Served.
             */
            served_at?: string;
            /**
             * Format: naive-date
             * @description 送达日.
             */
            served_day?: string;
            /** @description What comes next. */
            next: components["schemas"]["ServiceNext"] & unknown;
            /**
             * Format: int32
             * @description Version, for If-Match.
             */
            version: number;
        };
        /**
         * DifferenceNote
         * @description A difference that was looked into.
         */
        DifferenceNote: {
            /**
             * Format: naive-date
             * @description Day.
             */
            day: string;
            /** @description Number. */
            order_no: string;
            /** @description What differed. */
            what: string;
            /** @description What was found out. */
            note: string;
        };
        /**
         * Draft
         * @description 草稿.
         */
        Draft: {
            /**
             * Format: uuid
             * @description Draft.
             */
            id: string;
            /**
             * Format: int32
             * @description Version, for If-Match.
             */
            version: number;
            /**
             * Format: int32
             * @description Court chosen.
             */
            court_id?: number;
            /** @description Kind. */
            kind: components["schemas"]["CaseKind"] & unknown;
            /** @description What was typed; see the document's description of content. */
            content: unknown;
            /** @description Files. */
            files: components["schemas"]["DraftFile"][];
            /** @description The correction it answers. */
            corrects?: components["schemas"]["Corrects"] & unknown;
            /**
             * Format: date-time
             * @description Begun.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description Last saved.
             */
            updated_at: string;
        };
        /**
         * DraftFile
         * @description 材料: one file of a draft.
         */
        DraftFile: {
            /**
             * Format: uuid
             * @description Id.
             */
            id: string;
            /** @description Name. */
            name: string;
            /**
             * Format: int64
             * @description Bytes.
             */
            size: number;
            /** @description Media type, by content. */
            media_type: string;
            /** @description SHA-256, hex. */
            sha256: string;
            /** @description SM3, hex. */
            sm3: string;
            /**
             * Format: int32
             * @description Pages, where a file has pages.
             */
            pages?: number;
            /** @description What is believed of it. */
            state: components["schemas"]["FileState"] & unknown;
            /** @description What is wrong and how to cure it. */
            problem?: components["schemas"]["Problem"] & unknown;
            /** @description Accepted, but worth a word. */
            warnings?: components["schemas"]["FileWarning"][];
            /**
             * Format: date-time
             * @description When it was complete.
             */
            created_at: string;
        };
        /**
         * DraftList
         * @description Open drafts.
         */
        DraftList: {
            /** @description Newest first. */
            items: components["schemas"]["DraftSummary"][];
        };
        /**
         * DraftSummary
         * @description A draft in a list.
         */
        DraftSummary: {
            /**
             * Format: uuid
             * @description Draft.
             */
            id: string;
            /** @description Title so far. */
            title: string;
            /**
             * Format: int32
             * @description Court chosen.
             */
            court_id?: number;
            /** @description Its name. */
            court_name?: string;
            /** @description Kind. */
            kind: components["schemas"]["CaseKind"] & unknown;
            /** @description Cause so far. */
            cause_name?: string;
            /**
             * Format: date-time
             * @description Last saved.
             */
            updated_at: string;
            /** @description Step last worked on. */
            step: components["schemas"]["FilingStep"] & unknown;
            /**
             * Format: uuid
             * @description The filing it corrects.
             */
            corrects?: string;
        };
        /**
         * DropoutFinding
         * @description 认定原因.
         */
        DropoutFinding: {
            /** @description Cause. */
            cause: string;
            /** @description Why. */
            reasons: string;
        };
        /**
         * Duty
         * @description A judge's duty as it stands.
         */
        Duty: {
            /**
             * Format: uuid
             * @description The judge.
             */
            person_id: string;
            /** @description 姓名. */
            name: string;
            /**
             * Format: int32
             * @description Share, percent.
             */
            weight: number;
            /** @description Kinds of case taken; every kind when empty. */
            kinds: string[];
            /**
             * Format: naive-date
             * @description Away from this day.
             */
            away_from?: string;
            /**
             * Format: naive-date
             * @description To this day.
             */
            away_until?: string;
            /** @description Why. */
            note?: string;
            /**
             * Format: int32
             * @description Open cases.
             */
            open: number;
        };
        /**
         * @description 案件种类 a judge takes.
         * @enum {string}
         */
        DutyKind: "civil" | "administrative" | "enforcement";
        /**
         * DutyList
         * @description The court's judges and their shares.
         */
        DutyList: {
            /** @description The judges. */
            items: components["schemas"]["Duty"][];
        };
        /**
         * DutyOrder
         * @description 分案办法 for one judge.
         */
        DutyOrder: {
            /**
             * Format: int32
             * @description Share in new cases, percent: 100 a whole share, 0 none.
             */
            weight: number;
            /**
             * @description Kinds of case taken; every kind when empty.
             * @default []
             */
            kinds: components["schemas"]["DutyKind"][];
            /**
             * Format: naive-date
             * @description Away from this day.
             */
            away_from?: string;
            /**
             * Format: naive-date
             * @description To this day, both included.
             */
            away_until?: string;
            /**
             * @description Why.
             * @default
             */
            note: string;
        };
        /**
         * EarlierFiling
         * @description An earlier filing of the same parties about the same cause (重复起诉), as far as the reader's court may know it.
         */
        EarlierFiling: {
            /** @description Its court; none where it is another court's, or sealed. */
            court_name?: string;
            /** @description 案号 or 网立 number, where the reader may open it. */
            number?: string;
            /**
             * Format: uuid
             * @description The filing, where the reader may open it.
             */
            filing_id?: string;
            /**
             * Format: uuid
             * @description The case it became, where the reader may open it.
             */
            case_id?: string;
            /** @description How it stands. */
            standing: components["schemas"]["EarlierStanding"] & unknown;
        };
        /**
         * @description How an earlier matter stands.
         * @enum {string}
         */
        EarlierStanding: "open" | "withdrawn" | "refused";
        /**
         * @description What to do with a right.
         * @enum {string}
         */
        Effect: "allow" | "deny" | "inherit";
        /**
         * EngagementOrder
         * @description 委托.
         */
        EngagementOrder: {
            /**
             * Format: uuid
             * @description Party.
             */
            party_id: string;
            /** @description Licence number. */
            licence: string;
            /** @description Name. */
            name: string;
            /** @description Firm. */
            unit: string;
            /** @description general or special. */
            power: string;
            /**
             * @description The power of attorney says that it holds at second instance too (民事诉讼法 第六十二条): counsel then sits there without
             *     being engaged again.
             * @default false
             */
            on_appeal: boolean;
            /**
             * @description The power of attorney, uploaded before.
             * @default []
             */
            file_ids: string[];
        };
        /**
         * Excuse
         * @description 申请顺延期限.
         */
        Excuse: {
            /**
             * Format: uuid
             * @description Application.
             */
            id: string;
            /**
             * Format: uuid
             * @description Which clock.
             */
            clock_id: string;
            /** @description Its name. */
            clock_name: string;
            /** @description Its name in English. */
            clock_name_en: string;
            /**
             * Format: uuid
             * @description Whose.
             */
            party_id: string;
            /** @description Why the period could not be kept. */
            grounds: string;
            /**
             * Format: naive-date
             * @description Since when something stood in the way.
             */
            obstacle_from?: string;
            /**
             * Format: naive-date
             * @description The day it ended.
             */
            obstacle_ended: string;
            /**
             * Format: date-time
             * @description Asked.
             */
            asked_at: string;
            /** @description By whom. */
            asked_by: string;
            /**
             * Format: naive-date
             * @description The tenth day after the obstacle ended.
             */
            apply_by: string;
            /** @description Asked after that day. */
            late: boolean;
            /** @description asked, granted, refused. */
            state: string;
            /**
             * Format: naive-date
             * @description The new last day.
             */
            until?: string;
            /** @description Reasons of the decision. */
            decision?: string;
            /**
             * Format: date-time
             * @description Decided.
             */
            decided_at?: string;
            /** @description By whom. */
            decided_by?: string;
        };
        /**
         * ExcuseDecision
         * @description The decision on it.
         */
        ExcuseDecision: {
            /** @description Granted or refused. */
            grant: boolean;
            /**
             * Format: naive-date
             * @description The new last day, when granted.
             */
            until?: string;
            /** @description Reasons. */
            reason: string;
        };
        /**
         * ExcuseOrder
         * @description 申请顺延.
         */
        ExcuseOrder: {
            /**
             * Format: uuid
             * @description Which clock.
             */
            clock_id: string;
            /** @description Why it could not be kept. */
            grounds: string;
            /**
             * Format: naive-date
             * @description Since when something stood in the way.
             */
            obstacle_from?: string;
            /**
             * Format: naive-date
             * @description The day it ended.
             */
            obstacle_ended: string;
        };
        /**
         * @description 三性.
         * @enum {string}
         */
        ExhibitAspect: "authenticity" | "legality" | "relevance";
        /**
         * ExhibitLines
         * @description Where its lines go.
         */
        ExhibitLines: {
            /**
             * Format: uuid
             * @description Behind which entry; none: at the end of 举证质证.
             */
            after?: string;
        };
        /**
         * ExhibitOpinion
         * @description What a party said of one aspect.
         */
        ExhibitOpinion: {
            /** @description authenticity, legality or relevance. */
            aspect: components["schemas"]["ExhibitAspect"] & unknown;
            /** @description 名称. */
            aspect_name: string;
            /** @description Its view; none: not spoken yet. */
            view?: components["schemas"]["ExhibitView"] & unknown;
            /** @description 名称. */
            view_name?: string;
            /** @description Why. */
            reason: string;
        };
        /**
         * @description 原件核对.
         * @enum {string}
         */
        ExhibitOriginal: "not_asked" | "wanted" | "matches" | "differs" | "no_original";
        /**
         * ExhibitParty
         * @description A party that examines.
         */
        ExhibitParty: {
            /**
             * Format: uuid
             * @description Party.
             */
            party_id: string;
            /** @description Side. */
            side: components["schemas"]["HearingSide"] & unknown;
            /** @description 名称. */
            side_name: string;
            /** @description Name. */
            name: string;
            /** @description The caller speaks for it. */
            own: boolean;
        };
        /**
         * ExhibitRow
         * @description A party's row of the grid.
         */
        ExhibitRow: {
            /**
             * Format: uuid
             * @description Party.
             */
            party_id: string;
            /** @description Side. */
            side: components["schemas"]["HearingSide"] & unknown;
            /** @description 名称. */
            side_name: string;
            /** @description By aspect. */
            views: components["schemas"]["ExhibitOpinion"][];
        };
        /**
         * @description 意见.
         * @enum {string}
         */
        ExhibitView: "no_objection" | "objection" | "partly" | "not_stated";
        /**
         * FeeAnswer
         * @description A fee, reckoned step by step.
         */
        FeeAnswer: {
            /** @description Yuan with two decimals. */
            fee: string;
            /**
             * Format: int64
             * @description The same in fen.
             */
            fee_fen: number;
            /** @description pay, refund, top_up or free. */
            meaning: string;
            /** @description What the figure is, in Chinese. */
            meaning_text: string;
            /** @description What the figure is, in English. */
            meaning_text_en: string;
            /** @description The kind. */
            kind: string;
            /** @description 名称. */
            name: string;
            /** @description Name in English. */
            name_en: string;
            /** @description Tier by tier. */
            steps: components["schemas"]["FeeStep"][];
            /** @description 依据. */
            basis: string;
            /** @description The articles in English. */
            basis_en: string;
            /**
             * Format: int32
             * @description The court whose figures were used.
             */
            court?: number;
            /** @description Its name. */
            court_name?: string;
        };
        /**
         * FeeBill
         * @description A bill, with all that happened to it.
         */
        FeeBill: {
            /**
             * Format: uuid
             * @description Bill.
             */
            id: string;
            /** @description acceptance, application, counterclaim, appeal, top_up, other. */
            purpose: string;
            /** @description 项目. */
            item: string;
            /** @description The item in English. */
            item_en: string;
            /** @description Kind of the tariff. */
            fee_kind: string;
            /** @description Its name. */
            fee_kind_name: string;
            /** @description Its name in English. */
            fee_kind_name_en: string;
            /** @description The amount that was asked about, yuan. */
            amount: string;
            /** @description The words beside it. */
            params: string;
            /** @description Who prepays. */
            payer: string;
            /**
             * Format: uuid
             * @description That party.
             */
            party_id: string;
            /**
             * Format: int64
             * @description As assessed, fen.
             */
            assessed_fen: number;
            /**
             * Format: int64
             * @description What it comes to now, fen.
             */
            fee_fen: number;
            /**
             * Format: int64
             * @description Still to be paid, fen.
             */
            outstanding_fen: number;
            /**
             * Format: int64
             * @description To be given back, fen.
             */
            owed_back_fen: number;
            /** @description The reckoning, tier by tier. */
            steps: components["schemas"]["BillStep"][];
            /** @description 依据. */
            basis: string;
            /** @description open, paid, waived, deferred, unpaid, cancelled. */
            state: string;
            /**
             * Format: date-time
             * @description Assessed and noticed.
             */
            noticed_at: string;
            /**
             * Format: date-time
             * @description The last moment to pay.
             */
            due_at?: string;
            /** @description The clock of payment, while it runs. */
            clock?: components["schemas"]["Clock"] & unknown;
            /**
             * Format: uuid
             * @description 交费通知书.
             */
            notice_id?: string;
            /**
             * Format: uuid
             * @description 交费凭证.
             */
            receipt_id?: string;
            /** @description Orders, newest first. */
            orders: components["schemas"]["FeeOrder"][];
            /** @description Refunds. */
            refunds: components["schemas"]["FeeRefund"][];
            /** @description Applications for relief the viewer may see. */
            reliefs: components["schemas"]["FeeRelief"][];
            /**
             * Format: int32
             * @description Version.
             */
            version: number;
        };
        /**
         * FeeDifference
         * @description Where our books and the channel's bill differ.
         */
        FeeDifference: {
            /**
             * Format: naive-date
             * @description Day of the bill.
             */
            day: string;
            /** @description Order or refund number. */
            order_no: string;
            /** @description missing_here, missing_there, amount; the same of refunds. */
            what: string;
            /**
             * Format: int64
             * @description Ours, fen.
             */
            ours_fen?: number;
            /**
             * Format: int64
             * @description Theirs, fen.
             */
            theirs_fen?: number;
            /**
             * Format: date-time
             * @description Found.
             */
            found_at: string;
            /**
             * Format: date-time
             * @description Looked into.
             */
            settled_at?: string;
            /** @description What was found out. */
            note?: string;
        };
        /**
         * FeeDifferences
         * @description Differences, open ones first.
         */
        FeeDifferences: {
            /** @description They. */
            items: components["schemas"]["FeeDifference"][];
        };
        /**
         * FeeKindList
         * @description Every kind of fee.
         */
        FeeKindList: {
            /** @description In the order of the decree. */
            items: components["schemas"]["FeeKindView"][];
        };
        /**
         * FeeKindView
         * @description A kind of fee.
         */
        FeeKindView: {
            /** @description Stable key. */
            key: string;
            /** @description 名称. */
            name: string;
            /** @description Name in English. */
            name_en: string;
            /** @description suit, appeal, application, change or free. */
            group: string;
            /** @description none, optional, required or change. */
            amount: string;
            /** @description What the amount is, in Chinese. */
            amount_is: string;
            /** @description What the amount is, in English. */
            amount_is_en: string;
            /** @description What it understands beside the amount. */
            params: components["schemas"]["FeeParam"][];
            /** @description 依据. */
            article: string;
            /** @description The article in English. */
            article_en: string;
            /** @description Other spellings of the key. */
            also_called: string[];
        };
        /**
         * FeeLine
         * @description A bill in the court's list.
         */
        FeeLine: {
            /**
             * Format: uuid
             * @description Bill.
             */
            bill_id: string;
            /**
             * Format: uuid
             * @description Case.
             */
            case_id: string;
            /** @description 案号. */
            case_number: string;
            /** @description Title of the case. */
            title: string;
            /** @description Purpose. */
            purpose: string;
            /** @description State. */
            state: string;
            /**
             * Format: int64
             * @description As assessed, fen.
             */
            assessed_fen: number;
            /**
             * Format: int64
             * @description Still to be paid, fen.
             */
            outstanding_fen: number;
            /**
             * Format: int64
             * @description To be given back, fen.
             */
            owed_back_fen: number;
            /**
             * Format: date-time
             * @description The last moment to pay.
             */
            due_at?: string;
            /**
             * Format: int64
             * @description Refunds waiting for approval.
             */
            refunds_asked: number;
            /**
             * Format: int64
             * @description Applications for relief waiting for a decision.
             */
            reliefs_asked: number;
        };
        /**
         * FeeLines
         * @description The court's list of bills.
         */
        FeeLines: {
            /** @description Those that ask for something first. */
            items: components["schemas"]["FeeLine"][];
        };
        /**
         * @description What a viewer may do with the fees of a case.
         * @enum {string}
         */
        FeeMay: "pay" | "ask_relief" | "assess" | "ask_refund" | "approve_refund" | "decide_relief" | "cashier" | "withdraw";
        /**
         * FeeOrder
         * @description An order at a payment channel.
         */
        FeeOrder: {
            /**
             * Format: uuid
             * @description Order.
             */
            id: string;
            /**
             * Format: uuid
             * @description Bill.
             */
            bill_id: string;
            /** @description native or h5. */
            form: string;
            /**
             * Format: int64
             * @description Fen.
             */
            total_fen: number;
            /** @description placing, open, paid, closed. */
            state: string;
            /** @description native: what the QR code says. h5: where this phone goes. */
            code_url?: string;
            /**
             * Format: date-time
             * @description Cannot be paid after this.
             */
            expires_at: string;
            /**
             * Format: date-time
             * @description Paid.
             */
            paid_at?: string;
        };
        /**
         * FeeParam
         * @description A word a kind understands.
         */
        FeeParam: {
            /** @description Stable key. */
            key: string;
            /** @description 名称. */
            name: string;
            /** @description Name in English. */
            name_en: string;
            /** @description What follows it: nothing, yuan, one_of, number, letters. */
            takes: string;
            /** @description The words it may be. */
            options?: string[];
            /** @description Least, in yuan. */
            min?: string;
            /** @description Most, in yuan. */
            max?: string;
        };
        /**
         * @description What a bill is for.
         * @enum {string}
         */
        FeePurpose: "acceptance" | "application" | "counterclaim" | "appeal" | "top_up" | "other";
        /**
         * FeeReason
         * @description Reasons in words.
         */
        FeeReason: {
            /** @description Why. */
            reason: string;
        };
        /**
         * FeeRefund
         * @description 退费.
         */
        FeeRefund: {
            /**
             * Format: uuid
             * @description Refund.
             */
            id: string;
            /**
             * Format: int64
             * @description Fen.
             */
            amount_fen: number;
            /** @description Why, as a stable word. */
            ground: string;
            /** @description Why, in words. */
            reason: string;
            /** @description asked, approved, refused, sent, done, failed. */
            state: string;
            /**
             * Format: date-time
             * @description Asked.
             */
            asked_at: string;
            /** @description The house saw a surplus; nobody asked. */
            by_house: boolean;
            /** @description The decision's words. */
            decision?: string;
            /**
             * Format: date-time
             * @description 15 days (Art 53).
             */
            due_at?: string;
            /**
             * Format: date-time
             * @description Back with the payer.
             */
            done_at?: string;
            /** @description The proof: the channel's or the statement's number. */
            proof?: string;
            /** @description Goes back the way it came; by bank transfer otherwise. */
            same_way: boolean;
        };
        /**
         * FeeRelief
         * @description 司法救助.
         */
        FeeRelief: {
            /**
             * Format: uuid
             * @description Application.
             */
            id: string;
            /** @description defer, reduce, exempt. */
            kind: string;
            /** @description Why, as the party wrote it. */
            grounds: string;
            /** @description asked, granted, refused. */
            state: string;
            /**
             * Format: date-time
             * @description Asked.
             */
            asked_at: string;
            /**
             * Format: int32
             * @description Of a reduction.
             */
            percent?: number;
            /**
             * Format: naive-date
             * @description Of a deferral: the last day.
             */
            until?: string;
            /** @description Reasons. */
            decision?: string;
            /**
             * Format: date-time
             * @description Decided.
             */
            decided_at?: string;
            /** @description 证明材料: leaves of the file, for the court alone. */
            proofs: string[];
        };
        /**
         * FeeStep
         * @description One line of the reckoning.
         */
        FeeStep: {
            /** @description In Chinese. */
            text: string;
            /** @description In English. */
            text_en: string;
            /** @description The part of the amount it is about, in yuan. */
            part?: string;
            /** @description The rate, such as 2.5%. */
            rate?: string;
            /** @description What it adds, or comes to, in yuan. */
            amount?: string;
            /** @description True when the line says what it comes to so far instead of adding a part. */
            result: boolean;
        };
        /**
         * FeeTransfer
         * @description A bank transfer.
         */
        FeeTransfer: {
            /**
             * Format: uuid
             * @description Transfer.
             */
            id: string;
            /**
             * Format: naive-date
             * @description Day on the statement.
             */
            received_on: string;
            /**
             * Format: int64
             * @description Fen.
             */
            amount_fen: number;
            /** @description The statement's number of the entry. */
            reference: string;
            /** @description 附言. */
            remark: string;
            /**
             * Format: uuid
             * @description The bill it was matched to.
             */
            bill_id?: string;
            /**
             * Format: date-time
             * @description Matched.
             */
            matched_at?: string;
        };
        /**
         * FeeTransferOrder
         * @description 银行转账.
         */
        FeeTransferOrder: {
            /**
             * Format: naive-date
             * @description Day on the statement.
             */
            received_on: string;
            /**
             * Format: int64
             * @description Fen.
             */
            amount_fen: number;
            /** @description The statement's number of the entry; no account number. */
            reference: string;
            /**
             * @description 附言.
             * @default
             */
            remark: string;
        };
        /**
         * FeeTransfers
         * @description Bank transfers, unmatched ones first.
         */
        FeeTransfers: {
            /** @description They. */
            items: components["schemas"]["FeeTransfer"][];
        };
        /**
         * FeedAddress
         * @description 日历订阅地址.
         */
        FeedAddress: {
            /** @description Shown once. */
            url: string;
        };
        /**
         * FeesTaken
         * @description 诉讼费用.
         */
        FeesTaken: {
            /** @description The public calculator, with this court's figures. */
            calculator: string;
            /** @description Its kinds. */
            kinds: string;
            /**
             * Format: uint32
             * @description Days to pay after the notice.
             */
            payment_days: number;
            /** @description 网上支付 is configured here. */
            online: boolean;
        };
        /**
         * FieldProblem
         * @description One thing wrong with one field.
         */
        FieldProblem: {
            /** @description JSON pointer into the request, such as `/parties/0/id_number`. */
            field: string;
            /** @description Stable code. */
            code: string;
            /** @description 原因. */
            detail: string;
            /** @description The cause, in English. */
            detail_en: string;
            /** @description 怎么办. */
            cure: string;
            /** @description The cure, in English. */
            cure_en: string;
        };
        /**
         * @description As what a file was filed.
         * @enum {string}
         */
        FileRole: "pleading" | "evidence" | "paper" | "first_file";
        /**
         * @description What is believed of a file.
         * @enum {string}
         */
        FileState: "accepted" | "quarantined" | "rejected";
        /**
         * FileWarning
         * @description A word on an accepted file.
         */
        FileWarning: {
            /** @description Stable code, such as `pdf.javascript`. */
            code: string;
            /** @description 提醒. */
            text: string;
            /** @description In English. */
            text_en: string;
        };
        /**
         * Filing
         * @description 立案申请, whole.
         */
        Filing: {
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /** @description Its name. */
            court_name: string;
            /**
             * Format: uuid
             * @description Filing.
             */
            id: string;
            /** @description 网立 number. */
            number: string;
            /** @description Title. */
            title: string;
            /** @description Kind. */
            kind: components["schemas"]["CaseKind"] & unknown;
            /** @description 案由. */
            cause_name: string;
            /** @description Where it stands. */
            state: components["schemas"]["FilingState"] & unknown;
            /**
             * Format: date-time
             * @description When the court had it.
             */
            received_at: string;
            /** @description The clock that runs now. */
            clock?: components["schemas"]["Clock"] & unknown;
            /** @description Who is reviewing (court staff only). */
            claimed_by?: components["schemas"]["Claim"] & unknown;
            /** @description It came back corrected. */
            corrected: boolean;
            /** @description It came from another court. */
            transferred_in: boolean;
            /**
             * Format: uuid
             * @description The case it became.
             */
            case_id?: string;
            /** @description Its number. */
            case_number?: string;
            /**
             * Format: int64
             * @description 标的额, fen.
             */
            amount_fen?: number;
            /**
             * Format: int32
             * @description Items the filer has still to correct.
             */
            open_items: number;
            /**
             * Format: int32
             * @description Version, for If-Match.
             */
            version: number;
            /** @description SHA-256 over content and files. */
            digest: string;
            /** @description What was filed, numbers masked for the viewer. */
            content: unknown;
            /** @description Files. */
            files: components["schemas"]["FilingFile"][];
            /** @description The checker's findings. */
            checks: components["schemas"]["CheckReport"] & unknown;
            /** @description Correction lists. */
            corrections: components["schemas"]["Correction"][];
            /** @description Refusal. */
            refusal?: components["schemas"]["Refusal"] & unknown;
            /** @description Transfer. */
            transfer?: components["schemas"]["Transfer"] & unknown;
            /** @description Withdrawal. */
            withdrawal?: components["schemas"]["Withdrawal"] & unknown;
            /** @description 原审案件, of an appeal that was sent up. */
            origin?: components["schemas"]["Origin"] & unknown;
            /** @description Earlier filings of the same parties about the same cause, at any court of the province; for those who review. */
            earlier?: components["schemas"]["EarlierFiling"][];
            /** @description Papers. */
            papers: components["schemas"]["PaperRef"][];
            /** @description 经过. */
            history: components["schemas"]["Act"][];
            /** @description What the viewer may do now. */
            may: components["schemas"]["FilingAct"][];
        };
        /**
         * @description What somebody may do with a filing now.
         * @enum {string}
         */
        FilingAct: "return" | "accept" | "refuse" | "transfer" | "withdraw" | "correct" | "claim";
        /**
         * FilingFile
         * @description A file of a filing.
         */
        FilingFile: {
            /**
             * Format: uuid
             * @description File.
             */
            id: string;
            /** @description Name. */
            name: string;
            /**
             * Format: int64
             * @description Bytes.
             */
            size: number;
            /** @description Media type. */
            media_type: string;
            /** @description SHA-256. */
            sha256: string;
            /** @description SM3. */
            sm3: string;
            /**
             * Format: int32
             * @description Pages.
             */
            pages?: number;
            /** @description As what it was filed. */
            role: components["schemas"]["FileRole"] & unknown;
            /** @description Row of the evidence list, or of the papers. */
            evidence_id?: string;
            /**
             * Format: int32
             * @description 0 first submission, n answer to correction n.
             */
            round: number;
        };
        /**
         * FilingList
         * @description A page of filings.
         */
        FilingList: {
            /** @description The filings. */
            items: components["schemas"]["FilingSummary"][];
            /** @description Ask with it for the next page. */
            next_cursor?: string;
        };
        /**
         * FilingPolicy
         * @description What a court takes online.
         */
        FilingPolicy: {
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /** @description 法院代字. */
            court_code: string;
            /** @description Name. */
            court_name: string;
            /**
             * Format: int32
             * @description Changes when any rule of the court does.
             */
            version: number;
            /**
             * Format: naive-date
             * @description The day it holds for.
             */
            day: string;
            /** @description Takes filings online at all. */
            open: boolean;
            /** @description Kinds of case. */
            kinds: string[];
            /** @description 案由. */
            causes: components["schemas"]["CausesInForce"][];
            /** @description 要素式诉状. */
            forms: components["schemas"]["FormOffered"][];
            /** @description Files. */
            uploads: components["schemas"]["UploadsTaken"] & unknown;
            /** @description Review. */
            review: components["schemas"]["ReviewTimes"] & unknown;
            /** @description Fees. */
            fees: components["schemas"]["FeesTaken"] & unknown;
            /** @description Electronic ways papers are served by here, in the order they are used, where the recipient agreed. */
            service_channels: string[];
            /** @description Doors. */
            doors: components["schemas"]["SoftwareDoors"] & unknown;
        };
        /**
         * FilingReceipt
         * @description 收件凭证.
         */
        FilingReceipt: {
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /**
             * Format: uuid
             * @description Filing.
             */
            filing_id: string;
            /** @description 网立 number. */
            number: string;
            /**
             * Format: date-time
             * @description The time of filing: when the court's server had the whole.
             */
            received_at: string;
            /** @description SHA-256 over content and files. */
            digest: string;
            /**
             * Format: uuid
             * @description The receipt as a paper.
             */
            paper_id: string;
        };
        /**
         * @description Where a filing stands.
         * @enum {string}
         */
        FilingState: "submitted" | "returned" | "accepted" | "refused" | "transferred" | "withdrawn";
        /**
         * @description The step of the form an item belongs to.
         * @enum {string}
         */
        FilingStep: "court" | "cause" | "parties" | "claims" | "evidence" | "service" | "statement";
        /**
         * FilingSummary
         * @description A filing in a list.
         */
        FilingSummary: {
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /** @description Its name. */
            court_name: string;
            /**
             * Format: uuid
             * @description Filing.
             */
            id: string;
            /** @description 网立 number. */
            number: string;
            /** @description 赵文博诉山东鲁辰物流有限公司. */
            title: string;
            /** @description Kind. */
            kind: components["schemas"]["CaseKind"] & unknown;
            /** @description 案由. */
            cause_name: string;
            /** @description Where it stands. */
            state: components["schemas"]["FilingState"] & unknown;
            /**
             * Format: date-time
             * @description When the court had it.
             */
            received_at: string;
            /**
             * Format: date-time
             * @description End of the day on which the court means to decide it (当日审核), while it is reviewed.
             */
            target_at?: string;
            /** @description The clock that runs now. */
            clock?: components["schemas"]["Clock"] & unknown;
            /** @description Who is reviewing (court staff only). */
            claimed_by?: components["schemas"]["Claim"] & unknown;
            /** @description It came back corrected. */
            corrected: boolean;
            /** @description It came from another court. */
            transferred_in: boolean;
            /**
             * Format: uuid
             * @description The case it became.
             */
            case_id?: string;
            /** @description Its number. */
            case_number?: string;
            /**
             * Format: int64
             * @description 标的额, fen.
             */
            amount_fen?: number;
            /**
             * Format: int32
             * @description Items the filer has still to correct.
             */
            open_items: number;
        };
        /**
         * FolderList
         * @description 卷宗目录.
         */
        FolderList: {
            /** @description In order. */
            items: components["schemas"]["FolderName"][];
        };
        /**
         * FolderName
         * @description A standard folder.
         */
        FolderName: {
            /** @description main (正卷) or secret (副卷). */
            volume: string;
            /**
             * Format: int32
             * @description Number in the standard order.
             */
            n: number;
            /** @description Title. */
            title: string;
        };
        /**
         * Form
         * @description 要素式诉状.
         */
        Form: {
            /** @description F02. */
            id: string;
            /** @description 2025. */
            edition: string;
            /** @description Name. */
            name: string;
            /** @description Name in English. */
            name_en: string;
            /** @description Causes it covers. */
            causes: string[];
            /** @description JSON Schema 2020-12 with Lianting's annotations. */
            schema: unknown;
        };
        /**
         * FormOffered
         * @description An element-style form.
         */
        FormOffered: {
            /** @description Form. */
            id: string;
            /** @description Edition. */
            edition: string;
            /** @description Its JSON Schema. */
            schema: string;
        };
        /**
         * @description Why days are not counted.
         * @enum {string}
         */
        Ground: "stay" | "appraisal" | "audit" | "notice" | "jurisdiction" | "settlement" | "mediation";
        /**
         * Hearing
         * @description A hearing whole.
         */
        Hearing: {
            /** @description In short. */
            summary: components["schemas"]["HearingSummary"] & unknown;
            /** @description Template of the transcript. */
            template: string;
            /** @description Why it is not public. */
            closed_reason?: string;
            /** @description Where the courtroom is. */
            place?: string;
            /**
             * Format: int32
             * @description Which day of several.
             */
            day_no: number;
            /**
             * Format: uuid
             * @description The others of several days.
             */
            group_id?: string;
            /**
             * Format: uuid
             * @description It goes on from, or replaces.
             */
            follows?: string;
            /**
             * Format: date-time
             * @description Later than told, until.
             */
            delayed_until?: string;
            /** @description And why. */
            delay_reason?: string;
            /**
             * Format: date-time
             * @description The waiting room opens.
             */
            waiting_from: string;
            /** @description 准许改期: it waits for another time. */
            rebook_asked?: components["schemas"]["RebookAsked"] & unknown;
            /** @description 合并审理: the cases that are heard together, the leading one first; empty for a hearing of one case. */
            cases: components["schemas"]["HearingCase"][];
            /** @description Who takes part. */
            participants: components["schemas"]["HearingSeat"][];
            /** @description The other days of several, what it follows, what follows it. */
            linked: components["schemas"]["HearingLink"][];
            /**
             * Format: date-time
             * @description Opened.
             */
            opened_at?: string;
            /** @description Steps the caller may take now. */
            offered: string[];
            /** @description What was found when it was fixed; for the court. */
            findings?: components["schemas"]["HearingFinding"][];
        };
        /**
         * HearingAck
         * @description 确认、同意.
         */
        HearingAck: {
            /** @description Which text. */
            what: components["schemas"]["HearingText"] & unknown;
            /** @description Of the words that were read. */
            digest: string;
            /**
             * @description Agrees.
             * @default true
             */
            agrees: boolean;
            /**
             * Format: uuid
             * @description Of the clerk: who said it before him or her.
             */
            participant_id?: string;
        };
        /**
         * HearingAgreement
         * @description 调解协议.
         */
        HearingAgreement: {
            /**
             * Format: int32
             * @description Counted from 1.
             */
            n: number;
            /** @description Terms, in order. */
            terms: string[];
            /** @description Digest. */
            digest: string;
            /** @description Its first signs. */
            fingerprint: string;
            /** @description signing, effective or failed. */
            state: string;
            /**
             * Format: date-time
             * @description When it took effect.
             */
            effective_at?: string;
            /**
             * Format: uuid
             * @description Its paper.
             */
            paper_id?: string;
            /**
             * Format: date-time
             * @description When it was written.
             */
            written_at: string;
        };
        /**
         * HearingBar
         * @description A bar, and what the judge made of it.
         */
        HearingBar: {
            /** @description How it stands. */
            is: components["schemas"]["WeighedIs"] & unknown;
            /** @description What was raised, or the judge's reason. */
            text: string;
        };
        /**
         * HearingBreak
         * @description A break of the recording.
         */
        HearingBreak: {
            /** @description adjournment, closed_evidence or mediation. */
            kind: components["schemas"]["HearingBreakKind"] & unknown;
            /** @description Because of a fault. */
            fault: boolean;
            /** @description Why. */
            reason: string;
            /**
             * Format: date-time
             * @description From.
             */
            from: string;
            /**
             * Format: date-time
             * @description Until.
             */
            until?: string;
        };
        /**
         * @description 录音录像可以间断的三种情形 (庭审录音录像若干规定 Art 3).
         * @enum {string}
         */
        HearingBreakKind: "adjournment" | "closed_evidence" | "mediation";
        /**
         * HearingCall
         * @description 登记电话.
         */
        HearingCall: {
            /**
             * Format: uuid
             * @description To whom.
             */
            participant_id: string;
            /** @description Outcome. */
            outcome: components["schemas"]["CallOutcome"] & unknown;
            /**
             * @description What was said.
             * @default
             */
            note: string;
        };
        /**
         * HearingCase
         * @description A case that is heard in a joint hearing.
         */
        HearingCase: {
            /**
             * Format: uuid
             * @description Case.
             */
            case_id: string;
            /** @description 案号, of a case the caller may see. */
            number?: string;
        };
        /**
         * HearingCheck
         * @description A hearing thought through; nothing is saved.
         */
        HearingCheck: {
            /** @description What must be mended before it can be saved; a reason may be the cure. */
            fault?: components["schemas"]["HearingFault"] & unknown;
            /** @description Template. */
            template: string;
            /** @description online, hybrid or offline. */
            held: string;
            /** @description Who how. */
            seats: components["schemas"]["HearingSeat"][];
            /** @description Suitability. */
            findings: components["schemas"]["HearingFinding"][];
            /**
             * Format: naive-date
             * @description The first day it may be held.
             */
            earliest_on: string;
            /**
             * Format: naive-date
             * @description The last day to tell people, for the day wanted.
             */
            tell_by?: string;
            /** @description No reason sets the lead aside. */
            lead_binds: boolean;
            /** @description How early. */
            lead_text: string;
            /** @description How early, in English. */
            lead_text_en: string;
            /** @description 依据. */
            lead_article: string;
            /** @description The days. */
            days: components["schemas"]["HearingSlot"][];
            /** @description What is in the way. */
            conflicts: components["schemas"]["HearingConflict"][];
            /** @description Free times for the same people and room. */
            free: components["schemas"]["HearingSlot"][];
        };
        /**
         * @description 不公开的法定情形.
         * @enum {string}
         */
        HearingClosedBy: "state_secret" | "privacy" | "divorce_on_application" | "trade_secret_on_application" | "accused_under18" | "other_law";
        /**
         * HearingColleague
         * @description Somebody of the court.
         */
        HearingColleague: {
            /**
             * Format: uuid
             * @description Account.
             */
            person_id: string;
            /** @description Name. */
            name: string;
            /** @description judge, presiding_judge, clerk, technician: what he or she holds at this court. */
            roles: string[];
        };
        /**
         * HearingColleagues
         * @description Who may be chosen for the court's seats.
         */
        HearingColleagues: {
            /** @description By name. */
            items: components["schemas"]["HearingColleague"][];
        };
        /**
         * HearingConflict
         * @description Something in the way.
         */
        HearingConflict: {
            /** @description courtroom, court or person. */
            what: string;
            /**
             * Format: int32
             * @description Who: a participant of this plan, by place in the list; none for the courtroom.
             */
            participant?: number;
            /**
             * Format: date-time
             * @description From.
             */
            from: string;
            /**
             * Format: date-time
             * @description Until.
             */
            until: string;
            /** @description here, elsewhere or unavailable: of another court no more is known. */
            reason: string;
            /**
             * Format: uuid
             * @description A hearing of this court the caller may see.
             */
            hearing_id?: string;
            /** @description It cannot be saved; else a reason is asked. */
            blocks: boolean;
            /** @description Only the time to come and go is missing. */
            only_gap: boolean;
        };
        /**
         * HearingCriminal
         * @description What a criminal case asks for besides.
         */
        HearingCriminal: {
            /** @description 检察机关同意. */
            prosecution_agrees: boolean;
            /** @description 被告人同意. */
            accused_agrees: boolean;
            /** @description 辩护人同意; true where there is none. */
            defender_agrees: boolean;
            /** @description 不会引发不良社会效果的判断. */
            effect_judged?: string;
        };
        /**
         * HearingDelay
         * @description 延迟开庭.
         */
        HearingDelay: {
            /**
             * Format: int32
             * @description The version its page showed.
             */
            version: number;
            /**
             * Format: date-time
             * @description Until.
             */
            until: string;
            /** @description Why. */
            reason: string;
        };
        /**
         * HearingDesk
         * @description 候庭台.
         */
        HearingDesk: {
            /**
             * Format: uuid
             * @description Hearing.
             */
            hearing_id: string;
            /**
             * Format: int32
             * @description Version.
             */
            version: number;
            /** @description State. */
            state: components["schemas"]["HearingState"] & unknown;
            /** @description 名称. */
            state_name: string;
            /** @description Name in English. */
            state_name_en: string;
            /**
             * Format: date-time
             * @description Begins.
             */
            starts_at: string;
            /**
             * Format: date-time
             * @description Later than told, until.
             */
            delayed_until?: string;
            /** @description Why. */
            delay_reason?: string;
            /** @description Everybody, bench first. */
            items: components["schemas"]["HearingDeskSeat"][];
            /** @description What stands in the way of opening, the hard ones first. */
            obstacles: components["schemas"]["OpeningObstacle"][];
            /**
             * Format: int64
             * @description Requests nobody answered yet.
             */
            requests_open: number;
            /**
             * Format: int64
             * @description Messages the caller has not read.
             */
            unread: number;
        };
        /**
         * HearingDeskSeat
         * @description Somebody on the clerk's desk.
         */
        HearingDeskSeat: {
            /**
             * Format: uuid
             * @description Participant.
             */
            participant_id: string;
            /** @description Role. */
            role: components["schemas"]["HearingRole"] & unknown;
            /** @description 席位. */
            plate: string;
            /** @description The plate in English. */
            plate_en: string;
            /** @description Where on the plan of the court. */
            area: string;
            /** @description Name. */
            name: string;
            /** @description Side. */
            side?: components["schemas"]["HearingSide"] & unknown;
            /**
             * Format: uuid
             * @description Party.
             */
            party_id?: string;
            /** @description online or in_court. */
            mode: components["schemas"]["HearingMode"] & unknown;
            /** @description A minor. */
            minor: boolean;
            /** @description 必须到庭. */
            must_appear: boolean;
            /** @description Where he or she is. */
            place: components["schemas"]["HearingPlace"] & unknown;
            /** @description 名称. */
            place_name: string;
            /** @description Name in English. */
            place_name_en: string;
            /** @description Connected now. */
            connected: boolean;
            /**
             * Format: date-time
             * @description Since when.
             */
            since?: string;
            /** @description The newest test. */
            test?: components["schemas"]["HearingTested"] & unknown;
            /** @description Has to acknowledge the discipline. */
            must_acknowledge: boolean;
            /**
             * Format: date-time
             * @description Acknowledged today's words.
             */
            acknowledged_at?: string;
            /** @description Has to be identified. */
            must_identify: boolean;
            /** @description none, matches, doubt or no_match. */
            standing: string;
            /** @description What the court found, the newest first. */
            checks: components["schemas"]["HearingIdentityCheck"][];
            /** @description Papers. */
            papers: components["schemas"]["HearingPaper"][];
            /** @description What the other side says. */
            views: components["schemas"]["HearingIdentityView"][];
            /** @description Who of the other side was not heard. */
            views_missing: string[];
            /** @description 特别安排 a judge ordered. */
            measures?: components["schemas"]["SeatMeasures"] & unknown;
            /** @description Of an interpreter: the language of the second voice. */
            interprets?: string;
            /**
             * Format: int64
             * @description Messages to the clerks that the caller has not read.
             */
            unread: number;
        };
        /**
         * HearingDropout
         * @description 掉线.
         */
        HearingDropout: {
            /**
             * Format: uuid
             * @description Id.
             */
            id: string;
            /**
             * Format: uuid
             * @description Who.
             */
            participant_id: string;
            /** @description Name. */
            name: string;
            /** @description Role. */
            role: string;
            /**
             * Format: date-time
             * @description Gone.
             */
            gone_at: string;
            /**
             * Format: date-time
             * @description Back.
             */
            back_at?: string;
            /** @description Cause that is proposed. */
            proposed: string;
            /** @description 名称. */
            proposed_name: string;
            /** @description Name in English. */
            proposed_name_en: string;
            /**
             * Format: int32
             * @description 0 to 100.
             */
            sure: number;
            /** @description What it rests on: text in Chinese and in English. */
            rests_on: unknown;
            /** @description What was said: rung, sent, delivered, seen. */
            told: unknown;
            /** @description Beats before it. */
            beats: unknown;
            /** @description Cause a judge found. */
            found_cause?: string;
            /** @description Why. */
            reasons?: string;
            /**
             * Format: date-time
             * @description When.
             */
            found_at?: string;
        };
        /**
         * HearingDropouts
         * @description Drop-outs.
         */
        HearingDropouts: {
            /** @description By time. */
            items: components["schemas"]["HearingDropout"][];
        };
        /**
         * HearingExhibit
         * @description 出示的证据.
         */
        HearingExhibit: {
            /**
             * Format: uuid
             * @description Exhibit.
             */
            id: string;
            /**
             * Format: uint32
             * @description Its number among those of its side.
             */
            number: number;
            /** @description 原告证据 1. */
            label: string;
            /**
             * Format: uuid
             * @description Whose; none: collected by the court.
             */
            party_id?: string;
            /** @description Side. */
            side?: components["schemas"]["HearingSide"] & unknown;
            /** @description 名称. */
            side_name: string;
            /**
             * Format: uuid
             * @description Case in whose file it lies: of a joint hearing one of several.
             */
            case_id: string;
            /**
             * Format: uuid
             * @description Leaf of that file.
             */
            leaf_id: string;
            /** @description Its media type. */
            media_type: string;
            /**
             * Format: int32
             * @description Its pages.
             */
            pages?: number;
            /** @description Its digest. */
            sha256?: string;
            /** @description 名称. */
            name: string;
            /** @description 来源. */
            source: string;
            /** @description 证明目的. */
            purpose: string;
            /** @description not_asked, wanted, matches, differs or no_original. */
            original: components["schemas"]["ExhibitOriginal"] & unknown;
            /** @description 名称. */
            original_name: string;
            /** @description After the period for evidence. */
            late: boolean;
            /**
             * Format: int32
             * @description Version.
             */
            version: number;
            /**
             * Format: date-time
             * @description When.
             */
            added_at: string;
            /** @description The caller presents it. */
            own: boolean;
            /** @description What the others say of it. */
            rows: components["schemas"]["ExhibitRow"][];
            /** @description Everybody has spoken on everything. */
            complete: boolean;
            /** @description Somebody doubts it is genuine and nobody has compared the original. */
            compare_original: boolean;
            /** @description As it stands in the record. */
            lines: string[];
        };
        /**
         * HearingExhibitChange
         * @description 变更证据的记载.
         */
        HearingExhibitChange: {
            /**
             * Format: int32
             * @description The version its page showed.
             */
            version: number;
            /** @description 名称. */
            name?: string;
            /** @description 来源. */
            source?: string;
            /** @description 证明目的. */
            purpose?: string;
            /** @description 原件. */
            original?: components["schemas"]["ExhibitOriginal"] & unknown;
            /** @description 逾期. */
            late?: boolean;
        };
        /**
         * HearingExhibitList
         * @description 证据出示清单.
         */
        HearingExhibitList: {
            /** @description By side and number. */
            items: components["schemas"]["HearingExhibit"][];
            /** @description The parties, in order. */
            parties: components["schemas"]["ExhibitParty"][];
            /** @description The caller may put something on it now. */
            may_add: boolean;
            /** @description The caller may write anybody's opinion, as the clerk does. */
            may_write: boolean;
        };
        /**
         * HearingFacts
         * @description What was judged of the seven bars (在线诉讼规则 Art 21).
         */
        HearingFacts: {
            /**
             * @description ① Parties who object with a reason.
             * @default []
             */
            objections: components["schemas"]["HearingObjection"][];
            /**
             * @description ② Parties without means or skill.
             * @default []
             */
            unable: string[];
            /** @description ③ 现场查明身份、核对原件、查验实物. */
            on_site?: components["schemas"]["HearingBar"] & unknown;
            /** @description ④ 疑难复杂、证据繁多. */
            complex?: components["schemas"]["HearingBar"] & unknown;
            /**
             * @description ⑤ 国家安全、国家秘密.
             * @default false
             */
            security: boolean;
            /** @description ⑥ 重大社会影响. */
            attention?: components["schemas"]["HearingBar"] & unknown;
            /** @description ⑦ 其他. */
            other?: components["schemas"]["HearingBar"] & unknown;
            /** @description Of a criminal case. */
            criminal?: components["schemas"]["HearingCriminal"] & unknown;
        };
        /**
         * HearingFault
         * @description What must be mended.
         */
        HearingFault: {
            /** @description Stable code. */
            code: string;
            /** @description 原因. */
            text: string;
            /** @description The cause, in English. */
            text_en: string;
            /** @description 怎么办. */
            cure: string;
            /** @description The cure, in English. */
            cure_en: string;
            /** @description Field. */
            field?: string;
        };
        /**
         * HearingFinding
         * @description A finding of the review of suitability.
         */
        HearingFinding: {
            /** @description Stable code. */
            code: string;
            /**
             * Format: int32
             * @description Which of the seven bars.
             */
            bar?: number;
            /** @description refuse or ask_reason. */
            weight: string;
            /** @description What. */
            text: string;
            /** @description What, in English. */
            text_en: string;
            /** @description 依据. */
            article: string;
        };
        /**
         * HearingIdentities
         * @description Identities of a hearing.
         */
        HearingIdentities: {
            /** @description Bench first, then the sides. */
            items: components["schemas"]["HearingIdentity"][];
        };
        /**
         * HearingIdentity
         * @description Somebody's identity, as far as the caller is concerned.
         */
        HearingIdentity: {
            /**
             * Format: uuid
             * @description Whose.
             */
            participant_id: string;
            /** @description 席位. */
            plate: string;
            /** @description The plate in English. */
            plate_en: string;
            /** @description Name. */
            name: string;
            /** @description Side. */
            side?: components["schemas"]["HearingSide"] & unknown;
            /** @description The caller. */
            own: boolean;
            /** @description The caller is asked for a view. */
            asked: boolean;
            /** @description none, matches, doubt or no_match: one's own, and for the court. */
            standing?: string;
            /** @description One's own, and for the court. */
            papers?: components["schemas"]["HearingPaper"][];
            /** @description What the caller said. */
            view?: components["schemas"]["OwnIdentityView"] & unknown;
        };
        /**
         * HearingIdentityCheck
         * @description What the court found.
         */
        HearingIdentityCheck: {
            /** @description matches, doubt or no_match. */
            says: components["schemas"]["IdentitySays"] & unknown;
            /** @description 名称. */
            says_name: string;
            /** @description Name in English. */
            says_name_en: string;
            /** @description How it was checked. */
            how?: components["schemas"]["IdentityHow"] & unknown;
            /** @description 名称. */
            how_name?: string;
            /** @description Name in English. */
            how_name_en?: string;
            /** @description In words. */
            note?: string;
            /** @description Who checked. */
            by_name?: string;
            /** @description Papers looked at. */
            leaf_ids: string[];
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
        };
        /**
         * HearingIdentityView
         * @description What a side says to somebody's identity.
         */
        HearingIdentityView: {
            /**
             * Format: uuid
             * @description Who says it.
             */
            participant_id: string;
            /** @description 席位. */
            plate: string;
            /** @description The plate in English. */
            plate_en: string;
            /** @description Name. */
            name: string;
            /** @description no_objection or objection. */
            says: components["schemas"]["IdentitySays"] & unknown;
            /** @description In words. */
            note?: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
        };
        /**
         * HearingLine
         * @description A line of the log.
         */
        HearingLine: {
            /**
             * Format: int64
             * @description Number.
             */
            n: number;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description What. */
            what: string;
            /**
             * Format: uuid
             * @description About whom.
             */
            participant_id?: string;
            /**
             * Format: int64
             * @description Milliseconds of the recording.
             */
            media_ms?: number;
            /** @description all, own or staff. */
            audience: string;
            /** @description Ids and words. */
            data: unknown;
        };
        /**
         * HearingLines
         * @description Lines of the log.
         */
        HearingLines: {
            /** @description By number. */
            items: components["schemas"]["HearingLine"][];
            /**
             * Format: int64
             * @description Ask from here on next.
             */
            next: number;
        };
        /**
         * HearingLink
         * @description Another hearing this one belongs to.
         */
        HearingLink: {
            /**
             * Format: uuid
             * @description Hearing.
             */
            id: string;
            /**
             * Format: date-time
             * @description Begins.
             */
            starts_at: string;
            /** @description Kind of session. */
            kind_name: string;
            /** @description Kind of session, in English. */
            kind_name_en: string;
            /** @description State. */
            state: components["schemas"]["HearingState"] & unknown;
            /** @description day, together (of another case), before (this one follows it) or after. */
            because: string;
            /** @description 案号. */
            case_number: string;
            /**
             * Format: int32
             * @description Version, for what is done to the whole series.
             */
            version: number;
        };
        /**
         * HearingList
         * @description Hearings, by time.
         */
        HearingList: {
            /** @description Hearings. */
            items: components["schemas"]["HearingSummary"][];
            /**
             * Format: uuid
             * @description After this one; none at the end.
             */
            next_cursor?: string;
        };
        /**
         * HearingMeasured
         * @description What a page measured; what is left out was not tested.
         */
        HearingMeasured: {
            /** @description 摄像头. */
            camera?: components["schemas"]["MeasuredCamera"] & unknown;
            /** @description 话筒. */
            microphone?: components["schemas"]["MeasuredMicrophone"] & unknown;
            /** @description Heard the tone. */
            heard?: boolean;
            /** @description 网络. */
            network?: components["schemas"]["MeasuredNetwork"] & unknown;
            /** @description The browser can do what a hearing needs. */
            browser?: boolean;
            /** @description 线上举证: saw the page of evidence one showed to oneself. */
            rehearsed?: boolean;
        };
        /**
         * HearingMessage
         * @description A message with the clerk.
         */
        HearingMessage: {
            /**
             * Format: uuid
             * @description Message; a later one has a greater id.
             */
            id: string;
            /**
             * Format: uuid
             * @description From whom.
             */
            from_id: string;
            /** @description 席位. */
            from_plate: string;
            /** @description The plate in English. */
            from_plate_en: string;
            /** @description Name. */
            from_name: string;
            /**
             * Format: uuid
             * @description To whom; absent: to the clerks, or from a clerk to all.
             */
            to_id?: string;
            /** @description From a clerk to all. */
            to_all: boolean;
            /** @description The caller's. */
            own: boolean;
            /** @description Text. */
            text: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
        };
        /**
         * HearingMessages
         * @description Messages of a hearing.
         */
        HearingMessages: {
            /** @description Oldest first. */
            items: components["schemas"]["HearingMessage"][];
            /**
             * Format: int64
             * @description Messages the caller has not read.
             */
            unread: number;
            /** @description Of the court: with whom. */
            threads?: components["schemas"]["HearingThread"][];
        };
        /**
         * HearingMessagesRead
         * @description 已读到.
         */
        HearingMessagesRead: {
            /**
             * Format: uuid
             * @description The last message read.
             */
            until: string;
            /**
             * Format: uuid
             * @description Of the court: in the conversation with whom.
             */
            with?: string;
        };
        /**
         * @description 参加方式.
         * @enum {string}
         */
        HearingMode: "online" | "in_court";
        /**
         * HearingMove
         * @description 改期.
         */
        HearingMove: {
            /**
             * Format: int32
             * @description The version its page showed.
             */
            version: number;
            /**
             * Format: date-time
             * @description Begins.
             */
            starts_at: string;
            /**
             * Format: int64
             * @description Minutes.
             */
            minutes: number;
            /**
             * Format: uuid
             * @description Courtroom.
             */
            courtroom_id?: string;
            /** @description Why. */
            reason: string;
            /** @description Why sooner than the lead. */
            soon_reason?: string;
            /** @description Why at a time at which somebody is busy. */
            conflict_reason?: string;
        };
        /**
         * HearingObjection
         * @description A party that objects with a reason.
         */
        HearingObjection: {
            /**
             * Format: uuid
             * @description Party.
             */
            party_id: string;
            /** @description Its reason, and what the judge made of it. */
            bar: components["schemas"]["HearingBar"] & unknown;
        };
        /**
         * HearingObstacle
         * @description Something in the way of opening.
         */
        HearingObstacle: {
            /** @description Stable code. */
            code: string;
            /** @description 原因. */
            text: string;
            /** @description The cause, in English. */
            text_en: string;
            /** @description 依据. */
            article: string;
            /** @description The judge may set it aside with a reason. */
            may_be_set_aside: boolean;
        };
        /**
         * HearingPackage
         * @description 庭审档案包.
         */
        HearingPackage: {
            /**
             * Format: uuid
             * @description Id of its list among the recordings.
             */
            id: string;
            /** @description Root over everything. */
            root: string;
            /** @description The court's seal is over the root. */
            sealed: boolean;
            /**
             * Format: date-time
             * @description Made.
             */
            made_at: string;
            /** @description What there was none of. */
            none: string[];
            /** @description Files. */
            files: components["schemas"]["PackagedFile"][];
            /** @description 间断台账: whose sound or picture is missing, from when to when, and why. */
            gaps: unknown;
        };
        /**
         * HearingPaper
         * @description A paper of identity.
         */
        HearingPaper: {
            /**
             * Format: uuid
             * @description Leaf of the case file.
             */
            leaf_id: string;
            /** @description What it is. */
            kind: components["schemas"]["IdentityPaperKind"] & unknown;
            /** @description 名称. */
            kind_name: string;
            /** @description Name in English. */
            kind_name_en: string;
            /** @description Title. */
            title: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description Who brought it. */
            by: string;
        };
        /**
         * HearingPass
         * @description 入庭凭证.
         */
        HearingPass: {
            /** @description Token, good once. */
            token: string;
            /**
             * Format: date-time
             * @description Good until.
             */
            expires_at: string;
            /** @description Path of the socket; the token goes behind it as `?token=`. */
            socket: string;
            /** @description Origin of the server that holds the room, when it is another one. */
            address?: string;
        };
        /**
         * @description Where a participant is: what decides who sees and hears whom.
         * @enum {string}
         */
        HearingPlace: "outside" | "test_room" | "waiting_room" | "witness_room" | "courtroom" | "gallery" | "private_room" | "panel_room";
        /**
         * HearingReading
         * @description What one participant reads.
         */
        HearingReading: {
            /** @description Which text. */
            what: components["schemas"]["HearingText"] & unknown;
            /** @description Version. */
            version: string;
            /** @description 标题. */
            title: string;
            /** @description Title in English. */
            title_en: string;
            /** @description The points for this seat. */
            points: components["schemas"]["ReadingPoint"][];
            /** @description Of exactly these words: goes back with the answer. */
            digest: string;
            /** @description This seat has to answer. */
            asked: boolean;
            /** @description What it answered. */
            answered?: components["schemas"]["ReadingAnswer"] & unknown;
        };
        /**
         * HearingRequest
         * @description A request.
         */
        HearingRequest: {
            /**
             * Format: uuid
             * @description Request.
             */
            id: string;
            /** @description What. */
            kind: components["schemas"]["HearingRequestKind"] & unknown;
            /** @description 名称. */
            kind_name: string;
            /** @description Name in English. */
            kind_name_en: string;
            /** @description Why. */
            text: string;
            /** @description Who asks. */
            name: string;
            /**
             * Format: uuid
             * @description The seat of who asks; absent: asks to watch.
             */
            participant_id?: string;
            /** @description 席位. */
            plate?: string;
            /** @description The plate in English. */
            plate_en?: string;
            /**
             * Format: date-time
             * @description When.
             */
            asked_at: string;
            /** @description open, granted, refused or withdrawn. */
            state: string;
            /**
             * Format: date-time
             * @description When it was decided.
             */
            decided_at?: string;
            /** @description And why. */
            reasons?: string;
            /** @description The caller's. */
            own: boolean;
            /** @description The caller may decide it. */
            may_decide: boolean;
        };
        /**
         * HearingRequestDecision
         * @description A decision.
         */
        HearingRequestDecision: {
            /** @description Granted. */
            grant: boolean;
            /** @description Why. */
            reasons: string;
            /** @description Of a grant of special measures: which. */
            measures?: components["schemas"]["SeatMeasures"] & unknown;
        };
        /**
         * @description What is asked.
         * @enum {string}
         */
        HearingRequestKind: "come_in_person" | "others_in_person" | "other_date" | "watch" | "leave" | "special_measures";
        /**
         * HearingRequests
         * @description Requests of a hearing.
         */
        HearingRequests: {
            /** @description Open ones first. */
            items: components["schemas"]["HearingRequest"][];
        };
        /**
         * @description 庭审参与人的身份.
         * @enum {string}
         */
        HearingRole: "presiding_judge" | "sole_judge" | "panel_judge" | "lay_judge" | "judge_assistant" | "clerk" | "party" | "legal_representative" | "guardian" | "agent" | "defender" | "prosecutor" | "witness" | "appraiser" | "inspector" | "expert_assistant" | "interpreter" | "mediator" | "observer" | "press" | "technician";
        /**
         * HearingRoom
         * @description The room, for whoever comes late.
         */
        HearingRoom: {
            /** @description State. */
            state: components["schemas"]["HearingState"] & unknown;
            /** @description 名称. */
            state_name: string;
            /** @description Name in English. */
            state_name_en: string;
            /** @description 环节. */
            stage?: components["schemas"]["HearingStage"] & unknown;
            /** @description Steps the caller may take now. */
            offered: string[];
            /** @description What stands in the way of opening; for the court. */
            obstacles: components["schemas"]["HearingObstacle"][];
            /**
             * Format: date-time
             * @description 开庭.
             */
            opened_at?: string;
            /**
             * Format: date-time
             * @description 结束.
             */
            ended_at?: string;
            /**
             * Format: int64
             * @description Time sat, breaks left out, in milliseconds.
             */
            sat_ms: number;
            /** @description Breaks. */
            breaks: components["schemas"]["HearingBreak"][];
            /** @description The recording. */
            recording: components["schemas"]["HearingTape"] & unknown;
            /**
             * Format: int32
             * @description Version of the hearing.
             */
            version: number;
        };
        /**
         * HearingSeat
         * @description Somebody who takes part.
         */
        HearingSeat: {
            /**
             * Format: uuid
             * @description Participant.
             */
            id: string;
            /** @description Role. */
            role: components["schemas"]["HearingRole"] & unknown;
            /** @description 席位. */
            plate: string;
            /** @description The plate in English. */
            plate_en: string;
            /** @description Where on the plan of the court. */
            area: string;
            /** @description Name. */
            name: string;
            /** @description Side. */
            side?: components["schemas"]["HearingSide"] & unknown;
            /**
             * Format: uuid
             * @description Party.
             */
            party_id?: string;
            /** @description online or in_court. */
            mode: components["schemas"]["HearingMode"] & unknown;
            /** @description Why. */
            mode_why: string;
            /** @description Why, in English. */
            mode_why_en: string;
            /** @description 依据. */
            mode_article?: string;
            /** @description 必须到庭. */
            must_appear: boolean;
            /** @description Of the court's people: masked number. */
            mobile_masked?: string;
            /** @description Proved to have been reached; for the court. */
            reached?: boolean;
            /** @description Score of the last test; for the court. */
            test?: string;
            /** @description Where he or she is now. */
            place?: components["schemas"]["HearingPlace"] & unknown;
            /** @description 特别安排: for the court, and one's own. */
            measures?: components["schemas"]["SeatMeasures"] & unknown;
            /** @description Of an interpreter: the language of the second voice. */
            interprets?: string;
            /** @description The caller. */
            own: boolean;
        };
        /**
         * @description 诉讼地位: the side a party, and whoever acts for it, stands on.
         * @enum {string}
         */
        HearingSide: "plaintiff" | "defendant" | "third_party_independent" | "third_party" | "appellant" | "appellee" | "applicant" | "respondent" | "public_interest" | "prosecution" | "accused";
        /**
         * HearingSlot
         * @description A time.
         */
        HearingSlot: {
            /**
             * Format: date-time
             * @description From.
             */
            from: string;
            /**
             * Format: date-time
             * @description Until.
             */
            until: string;
        };
        /**
         * @description 庭审环节 (民事诉讼法 Art 140–145).
         * @enum {string}
         */
        HearingStage: "opening" | "statements" | "evidence" | "element" | "issues" | "debate" | "final" | "settlement" | "judgment";
        /**
         * @description 庭审状态.
         * @enum {string}
         */
        HearingState: "scheduled" | "waiting" | "open" | "adjourned" | "suspended" | "closed_part" | "mediation" | "ended" | "signing" | "locked" | "closed" | "cancelled" | "postponed" | "moved_offline";
        /**
         * HearingSummary
         * @description A hearing in a list.
         */
        HearingSummary: {
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /** @description Court's name. */
            court_name: string;
            /**
             * Format: uuid
             * @description Hearing.
             */
            id: string;
            /**
             * Format: uuid
             * @description Case.
             */
            case_id: string;
            /** @description 会议号. */
            number: string;
            /** @description 案号. */
            case_number: string;
            /** @description 案由. */
            cause: string;
            /** @description Kind of session. */
            kind: components["schemas"]["SessionKind"] & unknown;
            /** @description 名称. */
            kind_name: string;
            /** @description Name in English. */
            kind_name_en: string;
            /**
             * Format: date-time
             * @description Begins.
             */
            starts_at: string;
            /**
             * Format: date-time
             * @description Ends.
             */
            ends_at: string;
            /** @description 法庭. */
            courtroom?: string;
            /** @description online, hybrid or offline. */
            held: string;
            /** @description State. */
            state: components["schemas"]["HearingState"] & unknown;
            /** @description 名称. */
            state_name: string;
            /** @description Name in English. */
            state_name_en: string;
            /** @description Public. */
            public: boolean;
            /** @description Somebody comes to court, and there is no courtroom. */
            needs_courtroom: boolean;
            /** @description 审判组织: who sits, as papers name them. */
            bench: components["schemas"]["BenchName"][];
            /**
             * Format: int64
             * @description For the court: how many outside it nothing proves to have been reached.
             */
            unreached?: number;
            /** @description For the court: how the devices of those online tested. */
            tests?: components["schemas"]["HearingTestCounts"] & unknown;
            /** @description Another time was granted, and is not set yet. */
            rebook: boolean;
            /**
             * Format: int32
             * @description Version.
             */
            version: number;
        };
        /**
         * HearingTape
         * @description The recording.
         */
        HearingTape: {
            /** @description It is being written, by what lies on the disk. */
            on: boolean;
            /** @description A hearing may open. */
            ready: boolean;
        };
        /**
         * HearingTest
         * @description 庭前检测.
         */
        HearingTest: {
            /** @description Browser and device, as the page knows them. */
            device: string;
            /** @description What was measured. */
            measured: components["schemas"]["HearingMeasured"] & unknown;
        };
        /**
         * HearingTestCounts
         * @description How devices tested, the newest test of each.
         */
        HearingTestCounts: {
            /**
             * Format: int64
             * @description Good.
             */
            good: number;
            /**
             * Format: int64
             * @description Fair.
             */
            fair: number;
            /**
             * Format: int64
             * @description Poor.
             */
            poor: number;
            /**
             * Format: int64
             * @description Not tested, or not to the end.
             */
            none: number;
        };
        /**
         * HearingTestItem
         * @description How one item came out.
         */
        HearingTestItem: {
            /** @description camera, microphone, speaker, network, browser or rehearsal. */
            item: components["schemas"]["TestedItem"] & unknown;
            /** @description 名称. */
            name: string;
            /** @description Name in English. */
            name_en: string;
            /** @description good, fair or poor; absent: not tested yet. */
            score?: components["schemas"]["TestScore"] & unknown;
            /** @description What it says, and what to do. */
            text: string;
            /** @description The same in English. */
            text_en: string;
        };
        /**
         * HearingTestReport
         * @description A test, scored.
         */
        HearingTestReport: {
            /** @description The worst of what was tested; absent while something is missing. */
            score?: components["schemas"]["TestScore"] & unknown;
            /** @description Item by item. */
            items: components["schemas"]["HearingTestItem"][];
            /**
             * Format: uint32
             * @description Needed up, kbit/s.
             */
            up_kbps: number;
            /**
             * Format: uint32
             * @description Needed down, kbit/s.
             */
            down_kbps: number;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
        };
        /**
         * HearingTestRow
         * @description The newest test of a participant.
         */
        HearingTestRow: {
            /**
             * Format: uuid
             * @description Who.
             */
            participant_id: string;
            /** @description 席位. */
            plate: string;
            /** @description The plate in English. */
            plate_en: string;
            /** @description Name. */
            name: string;
            /** @description The caller. */
            own: boolean;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description On what. */
            device: string;
            /** @description How it came out. */
            report: components["schemas"]["HearingTestReport"] & unknown;
        };
        /**
         * HearingTested
         * @description The newest test of somebody.
         */
        HearingTested: {
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description On what. */
            device: string;
            /** @description How it came out. */
            report: components["schemas"]["HearingTestReport"] & unknown;
        };
        /**
         * HearingTests
         * @description Tests of a hearing.
         */
        HearingTests: {
            /** @description One a participant. */
            items: components["schemas"]["HearingTestRow"][];
        };
        /**
         * @description What is read and answered.
         * @enum {string}
         */
        HearingText: "discipline" | "oath" | "mediation" | "mediation_recording" | "recording_replaces_transcript";
        /**
         * HearingThread
         * @description A conversation of the clerks with somebody.
         */
        HearingThread: {
            /**
             * Format: uuid
             * @description With whom.
             */
            participant_id: string;
            /** @description 席位. */
            plate: string;
            /** @description The plate in English. */
            plate_en: string;
            /** @description Name. */
            name: string;
            /**
             * Format: int64
             * @description Messages the caller has not read.
             */
            unread: number;
            /**
             * Format: date-time
             * @description The last message.
             */
            last_at?: string;
        };
        /**
         * HearingTranscript
         * @description 笔录.
         */
        HearingTranscript: {
            /** @description Somebody began it. */
            begun: boolean;
            /**
             * Format: int64
             * @description Counts every change.
             */
            rev: number;
            /**
             * Format: int32
             * @description Version of its head.
             */
            version: number;
            /** @description Template. */
            template: string;
            /** @description 名称. */
            template_name: string;
            /** @description live, review, signing or locked. */
            phase: string;
            /** @description all or own_part. */
            reads: string;
            /** @description The caller writes it now. */
            writes: boolean;
            /** @description The caller may ask for a correction now. */
            objects: boolean;
            /** @description 首部. */
            header: components["schemas"]["TranscriptHeader"] & unknown;
            /** @description Sections, in order. */
            sections: components["schemas"]["TranscriptSection"][];
            /** @description Who may speak. */
            speakers: components["schemas"]["TranscriptSpeaker"][];
            /** @description Entries in their order. */
            entries: components["schemas"]["TranscriptEntry"][];
            /** @description 补正申请. */
            objections: components["schemas"]["TranscriptObjection"][];
            /** @description What keeps it from being fixed; for the court. */
            open: components["schemas"]["TranscriptOpen"][];
            /** @description The version that is read and signed. */
            fixed?: components["schemas"]["TranscriptFixed"] & unknown;
            /** @description Refused corrections, as they stand in the record. */
            refused_lines: string[];
        };
        /**
         * HearingWarning
         * @description 提示、警告.
         */
        HearingWarning: {
            /**
             * Format: uuid
             * @description Whom.
             */
            participant_id: string;
            /** @description prompt or warning. */
            rung: string;
        };
        /**
         * HookDeliveries
         * @description The last events at an address.
         */
        HookDeliveries: {
            /** @description Newest first, at most 100. */
            items: components["schemas"]["HookDelivery"][];
        };
        /**
         * HookDelivery
         * @description One event at one address.
         */
        HookDelivery: {
            /**
             * Format: uuid
             * @description The event: `webhook-id`, the same in every repetition.
             */
            event_id: string;
            /** @description Topic. */
            topic: components["schemas"]["HookTopic"] & unknown;
            /**
             * Format: date-time
             * @description When it came about.
             */
            created_at: string;
            /** @description State. */
            state: components["schemas"]["HookDeliveryState"] & unknown;
            /**
             * Format: int32
             * @description How often it was tried.
             */
            tries: number;
            /**
             * Format: int32
             * @description The last HTTP status, if any came.
             */
            status?: number;
            /** @description Why the last try failed, in a word. */
            error?: string;
            /**
             * Format: date-time
             * @description When it got through.
             */
            delivered_at?: string;
        };
        /**
         * @description What became of one event at one address.
         * @enum {string}
         */
        HookDeliveryState: "waiting" | "delivered" | "failed";
        /**
         * @description Whether an address is told.
         * @enum {string}
         */
        HookState: "active" | "paused";
        /**
         * @description 通知主题: what an address may hear of.
         * @enum {string}
         */
        HookTopic: "case.act" | "filing.act" | "service.announced" | "service.effect" | "ping";
        /**
         * @description 个人证件种类.
         * @enum {string}
         */
        IdType: "resident_id" | "passport" | "hk_macau_permit" | "taiwan_permit" | "foreign_permanent";
        /**
         * IdentifiedOrder
         * @description 查明账号属于受送达人本人.
         */
        IdentifiedOrder: {
            /**
             * Format: uuid
             * @description Party.
             */
            party_id: string;
            /** @description How it was found. */
            basis: string;
        };
        /**
         * @description How the court checked.
         * @enum {string}
         */
        IdentityHow: "id_card" | "licence_and_authority" | "business_licence" | "registry" | "face" | "in_person";
        /**
         * @description What it is.
         * @enum {string}
         */
        IdentityPaperKind: "id_card" | "lawyer_licence" | "business_licence" | "authority" | "employment" | "other";
        /**
         * IdentitySaying
         * @description 核对身份、对身份表示意见.
         */
        IdentitySaying: {
            /**
             * Format: uuid
             * @description Of whom.
             */
            participant_id: string;
            /** @description What. */
            says: components["schemas"]["IdentitySays"] & unknown;
            /** @description Of the court: how it checked. */
            how?: components["schemas"]["IdentityHow"] & unknown;
            /**
             * @description Of the court: the papers it looked at.
             * @default []
             */
            leaf_ids: string[];
            /**
             * @description In words: of a doubt, of an objection.
             * @default
             */
            note: string;
        };
        /**
         * @description What is said of somebody's identity.
         * @enum {string}
         */
        IdentitySays: "matches" | "doubt" | "no_match" | "no_objection" | "objection";
        /**
         * InTheLot
         * @description One who was in the lot.
         */
        InTheLot: {
            /**
             * Format: uuid
             * @description The judge.
             */
            person_id: string;
            /** @description 姓名. */
            name: string;
            /**
             * Format: uint32
             * @description Share, percent.
             */
            weight: number;
            /**
             * Format: uint32
             * @description Open cases at that moment.
             */
            open: number;
        };
        /**
         * Inbox
         * @description 收件箱.
         */
        Inbox: {
            /** @description Newest first. */
            items: components["schemas"]["InboxItem"][];
            /**
             * Format: int64
             * @description Nobody of the side has read them.
             */
            unread: number;
            /**
             * Format: int64
             * @description A period of one's own runs.
             */
            due: number;
            /**
             * Format: uuid
             * @description Ask with it for the next page.
             */
            next_cursor?: string;
        };
        /**
         * InboxItem
         * @description An entry of one's inbox.
         */
        InboxItem: {
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /** @description Its name. */
            court_name: string;
            /**
             * Format: uuid
             * @description Case.
             */
            case_id: string;
            /** @description 案号. */
            number: string;
            /** @description Title of the case. */
            title: string;
            /**
             * Format: uuid
             * @description Service.
             */
            service_id: string;
            /**
             * Format: uuid
             * @description Recipient.
             */
            recipient_id: string;
            /** @description For whom: the party. */
            party: string;
            /** @description As what one sees it: plaintiff, defendant …, representative, or colleague, who reads and does not answer. */
            capacity: string;
            /** @description The papers. */
            papers: components["schemas"]["ServedPaper"][];
            /**
             * Format: date-time
             * @description In the inbox since.
             */
            announced_at: string;
            /** @description False where it is shown for information only, without consent to electronic service. */
            is_service: boolean;
            /** @description Served? */
            effect: string;
            /**
             * Format: date-time
             * @description Served.
             */
            served_at?: string;
            /**
             * Format: naive-date
             * @description 送达日.
             */
            served_day?: string;
            /**
             * Format: naive-date
             * @description The first day a period counts.
             */
            counts_from?: string;
            /** @description 结果代码. */
            row_code?: string;
            /** @description 依据. */
            article?: string;
            /** @description The same in English. */
            article_en?: string;
            /** @description A presumption that may be rebutted. */
            rebuttable: boolean;
            /** @description A rebuttal is open. */
            contested: boolean;
            /**
             * Format: date-time
             * @description First read.
             */
            read_at?: string;
            /** @description Periods it started. */
            clocks: components["schemas"]["Clock"][];
        };
        /**
         * JoinCode
         * @description A code with which a party joins.
         */
        JoinCode: {
            /**
             * Format: uuid
             * @description Party.
             */
            party_id: string;
            /** @description Name. */
            party_name: string;
            /** @description The code. */
            code: string;
            /**
             * Format: date-time
             * @description Used.
             */
            used_at?: string;
            /**
             * Format: date-time
             * @description Ends.
             */
            expires_at: string;
        };
        /**
         * JoinCodes
         * @description Codes of a case.
         */
        JoinCodes: {
            /** @description One for each party that has not joined. */
            items: components["schemas"]["JoinCode"][];
        };
        /**
         * JoinOrder
         * @description 关联码.
         */
        JoinOrder: {
            /** @description The code from the notice. */
            code: string;
        };
        /**
         * Joined
         * @description A case joined.
         */
        Joined: {
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /**
             * Format: uuid
             * @description Case.
             */
            case_id: string;
            /** @description 案号. */
            number: string;
        };
        /**
         * @description 界面语言.
         * @enum {string}
         */
        Language: "zh" | "en";
        /**
         * LastAct
         * @description 最近一步.
         */
        LastAct: {
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description What. */
            text: string;
            /** @description What, in English. */
            text_en: string;
        };
        /**
         * Leaf
         * @description A leaf of the file.
         */
        Leaf: {
            /**
             * Format: uuid
             * @description Leaf.
             */
            id: string;
            /**
             * Format: int32
             * @description Number in the file.
             */
            n: number;
            /** @description Title. */
            title: string;
            /** @description Class. */
            doc_class: string;
            /** @description Who made it. */
            maker: string;
            /**
             * Format: date-time
             * @description When.
             */
            made_at: string;
            /** @description Media type. */
            media_type: string;
            /**
             * Format: int64
             * @description Bytes.
             */
            size?: number;
            /**
             * Format: int32
             * @description Pages.
             */
            pages?: number;
            /** @description SHA-256. */
            sha256?: string;
            /** @description SM3. */
            sm3?: string;
            /** @description 核验码. */
            verify_code?: string;
            /** @description In the 正卷, but for the court alone: it carries a code, say. */
            staff_only: boolean;
        };
        /**
         * LeftOut
         * @description One who was not in the lot.
         */
        LeftOut: {
            /**
             * Format: uuid
             * @description The judge.
             */
            person_id: string;
            /** @description 姓名. */
            name: string;
            /** @description Why. */
            why: components["schemas"]["LeftOutWhy"] & unknown;
        };
        /**
         * @description Why a judge was not in the lot.
         * @enum {string}
         */
        LeftOutWhy: "no_share" | "away" | "other_kinds" | "loaded" | "sits_now";
        /**
         * LicenceClaim
         * @description 执业证.
         */
        LicenceClaim: {
            /** @description Licence number. */
            number: string;
            /** @description 律师事务所或法律服务所. */
            firm: string;
            /** @description Its credit code. */
            firm_uscc?: string;
        };
        /**
         * @description 线路: how much of it is lost.
         * @enum {string}
         */
        LineBand: "good" | "poor" | "bad";
        /**
         * LinkSignature
         * @description A signature by a link.
         */
        LinkSignature: {
            /** @description Pass. */
            pass: string;
            /** @description The digest of what was read. */
            digest: string;
            /** @description How. */
            way: components["schemas"]["SigningWay"] & unknown;
            /** @description The drawing. */
            strokes?: number[][];
            /** @description The name, of who types it. */
            typed_name?: string;
            /** @description Read to the end. */
            read_to_end: boolean;
        };
        /**
         * LinkSigned
         * @description Signed.
         */
        LinkSigned: {
            /** @description signed. */
            standing: string;
            /** @description 名称. */
            standing_name: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
        };
        /**
         * LinkToken
         * @description The token of a message's link.
         */
        LinkToken: {
            /** @description Token. */
            token: string;
        };
        /**
         * LinkedHearing
         * @description Where a link leads: nothing of the case.
         */
        LinkedHearing: {
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /** @description Court's name. */
            court_name: string;
            /**
             * Format: uuid
             * @description Hearing.
             */
            hearing_id: string;
            /** @description Kind of session. */
            kind_name: string;
            /**
             * Format: date-time
             * @description Begins.
             */
            starts_at: string;
        };
        /**
         * LinkedSeat
         * @description The seat a link names, taken by whoever opened it.
         */
        LinkedSeat: {
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /** @description Court's name. */
            court_name: string;
            /**
             * Format: uuid
             * @description Hearing, from now on among one's own.
             */
            hearing_id: string;
            /**
             * Format: uuid
             * @description Participant.
             */
            participant_id: string;
            /** @description Kind of session. */
            kind_name: string;
            /** @description Kind of session, in English. */
            kind_name_en: string;
            /**
             * Format: date-time
             * @description Begins.
             */
            starts_at: string;
            /** @description 席位. */
            plate: string;
            /** @description The plate in English. */
            plate_en: string;
            /** @description The name the court wrote down. */
            name: string;
        };
        /**
         * MadeId
         * @description Something that was made.
         */
        MadeId: {
            /**
             * Format: uuid
             * @description Id.
             */
            id: string;
        };
        /**
         * @description 结案方式.
         * @enum {string}
         */
        Manner: "judgment" | "mediation" | "withdrawal" | "deemed_withdrawal" | "dismissal" | "transfer" | "termination" | "enforced" | "round_ended" | "enforcement_ended" | "cancelled" | "not_enforced" | "application_rejected";
        /**
         * MatchOrder
         * @description 认领.
         */
        MatchOrder: {
            /**
             * Format: uuid
             * @description The bill it pays.
             */
            bill_id: string;
        };
        /**
         * Me
         * @description 我.
         */
        Me: {
            /**
             * Format: uuid
             * @description Id.
             */
            person_id: string;
            /** @description 姓名. */
            name: string;
            /** @description Mobile number, masked. */
            mobile_masked: string;
            /** @description Number of the personal document, masked. */
            id_masked?: string;
            /** @description E-mail address. */
            email?: string;
            /** @description As what the account was made. */
            standing: components["schemas"]["AccountStanding"] & unknown;
            /** @description Language of the pages. */
            language: components["schemas"]["Language"] & unknown;
            /** @description Density of the pages. */
            density?: components["schemas"]["Density"] & unknown;
            /** @description 大字版. */
            large_type: boolean;
            /** @description The authenticator is turned on. */
            totp_enabled: boolean;
            /** @description The authenticator must be turned on before anything can be done as staff. */
            totp_needed: boolean;
            /** @description A second factor was shown in this session. */
            second_factor: boolean;
            /** @description Proofs of identity. */
            proofs: components["schemas"]["Proof"][];
            /** @description Roles. */
            roles: components["schemas"]["RoleHeld"][];
            /**
             * Format: date-time
             * @description When this session ends at the latest.
             */
            session_expires_at: string;
        };
        /**
         * MeasuredCamera
         * @description 摄像头.
         */
        MeasuredCamera: {
            /** @description The person let the page use it. */
            allowed: boolean;
            /** @description One was found and gives pictures. */
            works: boolean;
            /**
             * Format: uint32
             * @description Height of the picture.
             */
            height: number;
            /**
             * Format: uint32
             * @description Pictures a second.
             */
            fps: number;
            /**
             * Format: uint8
             * @description Mean brightness, 0 to 255.
             */
            brightness: number;
            /** @description A face is in the frame; absent where the page cannot tell. */
            face?: boolean;
        };
        /**
         * MeasuredMicrophone
         * @description 话筒.
         */
        MeasuredMicrophone: {
            /** @description The person let the page use it. */
            allowed: boolean;
            /** @description One was found and gives sound. */
            works: boolean;
            /**
             * Format: int32
             * @description Loudest, decibels below full scale.
             */
            peak: number;
            /**
             * Format: int32
             * @description Between words.
             */
            noise: number;
        };
        /**
         * MeasuredNetwork
         * @description 网络, measured to the media server.
         */
        MeasuredNetwork: {
            /** @description The best way that worked. */
            way: components["schemas"]["MeasuredWay"] & unknown;
            /**
             * Format: uint32
             * @description Up, kbit/s.
             */
            up_kbps: number;
            /**
             * Format: uint32
             * @description Down, kbit/s.
             */
            down_kbps: number;
            /**
             * Format: uint32
             * @description Loss, tenths of a percent.
             */
            loss: number;
            /**
             * Format: uint32
             * @description Round trip, ms.
             */
            rtt_ms: number;
        };
        /**
         * @description How media reached the server.
         * @enum {string}
         */
        MeasuredWay: "udp" | "tcp" | "relay" | "none";
        /**
         * MediaTest
         * @description 独立检测: a test without a hearing.
         */
        MediaTest: {
            /** @description What was measured. */
            measured: components["schemas"]["HearingMeasured"] & unknown;
            /**
             * @description Will only watch.
             * @default false
             */
            watching: boolean;
        };
        /**
         * @description 调解员的类别 (山东高院 2020 第 9 号 七).
         * @enum {string}
         */
        MediatorClass: "people" | "invited" | "lawyer";
        /**
         * MobileChange
         * @description 换手机号.
         */
        MobileChange: {
            /** @description The new number. */
            mobile: string;
            /** @description The one-time code sent to it (purpose `bind`). */
            code: string;
            /** @description The present password. */
            password: string;
        };
        /**
         * @description Why an end was moved.
         * @enum {string}
         */
        MovedBy: "outage" | "excuse";
        /**
         * MyHearingNotice
         * @description A notice to oneself.
         */
        MyHearingNotice: {
            /**
             * Format: uuid
             * @description Notice.
             */
            id: string;
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /** @description Court's name. */
            court_name: string;
            /**
             * Format: uuid
             * @description Hearing; its page opens as long as one takes part.
             */
            hearing_id: string;
            /** @description scheduled, changed, cancelled, removed, reminder, delayed or signing. */
            kind: string;
            /** @description 案号. */
            case_number: string;
            /** @description 会议号. */
            number: string;
            /** @description Kind of session. */
            session_name: string;
            /** @description Kind of session, in English. */
            session_name_en: string;
            /**
             * Format: date-time
             * @description The time it told of.
             */
            starts_at: string;
            /** @description What it says. */
            text: string;
            /** @description The same in English. */
            text_en: string;
            /**
             * Format: date-time
             * @description Sent.
             */
            at: string;
            /**
             * Format: date-time
             * @description Read here, or opened by its link.
             */
            seen_at?: string;
        };
        /**
         * MyHearingNotices
         * @description Notices to oneself.
         */
        MyHearingNotices: {
            /** @description The newest first. */
            items: components["schemas"]["MyHearingNotice"][];
            /**
             * Format: int64
             * @description Not read yet.
             */
            unread: number;
        };
        /**
         * NewAbsenceFinding
         * @description 认定.
         */
        NewAbsenceFinding: {
            /**
             * Format: uuid
             * @description Of whom.
             */
            participant_id: string;
            /** @description Consequence. */
            consequence: string;
            /** @description Why. */
            reasons: string;
        };
        /**
         * NewAgreement
         * @description The terms of an agreement.
         */
        NewAgreement: {
            /** @description In order. */
            terms: string[];
        };
        /**
         * NewApiClient
         * @description A program just registered.
         */
        NewApiClient: {
            /** @description The program. */
            client: components["schemas"]["ApiClient"] & unknown;
            /** @description Its secret: shown this once. */
            secret: string;
        };
        /**
         * NewBusyTime
         * @description 登记没空. No reason is asked, and courts see that one is busy and nothing more.
         */
        NewBusyTime: {
            /**
             * Format: date-time
             * @description From.
             */
            from: string;
            /**
             * Format: date-time
             * @description Until.
             */
            until: string;
        };
        /**
         * NewDraft
         * @description A new draft.
         */
        NewDraft: {
            /**
             * Format: int32
             * @description Court, when already chosen.
             */
            court_id?: number;
            /** @description 案件种类. */
            kind: components["schemas"]["CaseKind"] & unknown;
        };
        /**
         * NewHearing
         * @description 排期.
         */
        NewHearing: {
            /** @description Kind of session. */
            kind: string;
            /** @description Template of the transcript; the first that fits when absent. */
            template?: string;
            /**
             * Format: date-time
             * @description Begins.
             */
            starts_at: string;
            /**
             * Format: int64
             * @description Minutes a day.
             */
            minutes: number;
            /**
             * Format: uint32
             * @description Working days one after the other; one when absent.
             */
            days?: number;
            /**
             * @description Further times of the same hearing, each as long as the first: a series on days one chooses.
             * @default []
             */
            also_at: string[];
            /**
             * @description 合并审理: further cases of this court heard in this one hearing.
             * @default []
             */
            joined_case_ids: string[];
            /**
             * Format: uuid
             * @description Courtroom.
             */
            courtroom_id?: string;
            /**
             * @description Somebody may take part online.
             * @default true
             */
            online: boolean;
            /** @description Public. */
            public: boolean;
            /** @description By which law not. */
            closed_by?: components["schemas"]["HearingClosedBy"] & unknown;
            /** @description And why. */
            closed_reason?: string;
            /** @description Who takes part. */
            participants: components["schemas"]["NewSeat"][];
            /** @description What was judged. */
            facts: components["schemas"]["HearingFacts"] & unknown;
            /** @description Why sooner than the lead. */
            soon_reason?: string;
            /** @description Why at a time at which somebody is busy. */
            conflict_reason?: string;
            /**
             * Format: uuid
             * @description It goes on from, or replaces, this hearing.
             */
            follows?: string;
            /**
             * Format: uuid
             * @description 关联庭审: a hearing of this court, of whatever case, it is heard together with or right after.
             */
            linked_to?: string;
        };
        /**
         * NewHearingExhibit
         * @description 出示证据.
         */
        NewHearingExhibit: {
            /**
             * Format: uuid
             * @description A leaf of the case file.
             */
            leaf_id?: string;
            /**
             * Format: uuid
             * @description Or a file uploaded a moment ago: it becomes a leaf.
             */
            file_id?: string;
            /**
             * Format: uuid
             * @description Whose; one's own when absent; of the court: collected by it.
             */
            party_id?: string;
            /** @description 名称. */
            name: string;
            /**
             * @description 来源.
             * @default
             */
            source: string;
            /**
             * @description 证明目的.
             * @default
             */
            purpose: string;
            /**
             * @description After the period for evidence.
             * @default false
             */
            late: boolean;
        };
        /**
         * NewHearingMessage
         * @description 发消息.
         */
        NewHearingMessage: {
            /** @description Text. */
            text: string;
            /**
             * Format: uuid
             * @description Of a clerk: to whom; absent: to all.
             */
            to_id?: string;
        };
        /**
         * NewHearingRequest
         * @description 申请.
         */
        NewHearingRequest: {
            /** @description What. */
            kind: components["schemas"]["HearingRequestKind"] & unknown;
            /** @description Why. */
            text: string;
        };
        /**
         * NewIdentityPaper
         * @description 上传身份材料.
         */
        NewIdentityPaper: {
            /**
             * Format: uuid
             * @description A finished upload of one's own.
             */
            file_id: string;
            /** @description What it is. */
            kind: components["schemas"]["IdentityPaperKind"] & unknown;
            /**
             * Format: uuid
             * @description Whom it identifies: oneself, or somebody of one's own side.
             */
            participant_id?: string;
        };
        /**
         * NewLeafOrder
         * @description 入卷.
         */
        NewLeafOrder: {
            /**
             * Format: uuid
             * @description File uploaded before.
             */
            file_id: string;
            /**
             * Format: int32
             * @description Folder of the standard order.
             */
            folder: number;
            /** @description Volume. */
            volume: components["schemas"]["Volume"] & unknown;
            /** @description Title. */
            title: string;
        };
        /**
         * NewOpinion
         * @description One aspect.
         */
        NewOpinion: {
            /** @description Aspect. */
            aspect: components["schemas"]["ExhibitAspect"] & unknown;
            /** @description View. */
            view: components["schemas"]["ExhibitView"] & unknown;
            /**
             * @description Why.
             * @default
             */
            reason: string;
        };
        /**
         * NewOpinions
         * @description 质证意见.
         */
        NewOpinions: {
            /**
             * Format: uuid
             * @description For which party.
             */
            party_id: string;
            /** @description Up to three aspects. */
            opinions: components["schemas"]["NewOpinion"][];
        };
        /**
         * NewPassword
         * @description 设密码.
         */
        NewPassword: {
            /** @description The new password. */
            password: string;
        };
        /**
         * NewProof
         * @description 添加凭证.
         */
        NewProof: {
            /** @description Kind. */
            kind: components["schemas"]["ProofKind"] & unknown;
            /** @description Number. */
            number: string;
            /** @description Whose it is, for an organisation: its name. */
            holder?: string;
            /** @description 执业机构, for a licence. */
            firm?: string;
            /** @description Its credit code. */
            firm_uscc?: string;
            /** @description 法定代表人, for an organisation. */
            representative?: string;
        };
        /**
         * NewRecordingRequest
         * @description 申请查阅、复制.
         */
        NewRecordingRequest: {
            /** @description What. */
            kind: components["schemas"]["RecordingRequestKind"] & unknown;
            /** @description What for. */
            purpose: string;
            /**
             * Format: int64
             * @description From, ms of the recording.
             */
            from_ms?: number;
            /**
             * Format: int64
             * @description Until, ms of the recording.
             */
            until_ms?: number;
            /**
             * Format: uuid
             * @description For which party; one's own where there is one only.
             */
            party_id?: string;
        };
        /**
         * NewSeat
         * @description A seat to be filled.
         */
        NewSeat: {
            /** @description Role. */
            role: string;
            /**
             * Format: uuid
             * @description The party it belongs to.
             */
            party_id?: string;
            /**
             * Format: uuid
             * @description Account: of the court's people and of counsel.
             */
            person_id?: string;
            /**
             * Format: uuid
             * @description Counsel of the case, as the case names it: the account, the name and the party follow from it.
             */
            representative_id?: string;
            /** @description Name, of everybody else. */
            name?: string;
            /** @description 常用手机号. */
            mobile?: string;
            /** @description A judge's decision how he or she takes part. */
            mode?: components["schemas"]["HearingMode"] & unknown;
            /** @description And why. */
            mode_reason?: string;
            /**
             * @description With the president's leave at another place.
             * @default false
             */
            elsewhere: boolean;
            /**
             * @description 必须到庭.
             * @default false
             */
            must_appear: boolean;
            /**
             * @description A minor.
             * @default false
             */
            minor: boolean;
            /** @description Interprets into this language. */
            interprets?: string;
        };
        /**
         * NewSignature
         * @description 签名.
         */
        NewSignature: {
            /** @description What. */
            what: components["schemas"]["SigningWhat"] & unknown;
            /** @description The digest of what was read. */
            digest: string;
            /** @description How. */
            way: components["schemas"]["SigningWay"] & unknown;
            /** @description The drawing: each stroke is x, y, t, x, y, t …; x and y in ten-thousandths of the width of the box. */
            strokes?: number[][];
            /** @description The name, of who types it. */
            typed_name?: string;
            /** @description Read to the end. */
            read_to_end: boolean;
            /**
             * Format: uuid
             * @description The check of identity it rests on.
             */
            check_id?: string;
        };
        /**
         * NewStaff
         * @description 新的工作人员.
         */
        NewStaff: {
            /** @description 姓名. */
            name: string;
            /** @description Mobile number, where the link goes. */
            mobile: string;
            /** @description Resident ID number. */
            id_number: string;
            /** @description Roles at this court. */
            roles: components["schemas"]["StaffRole"][];
            /** @description The class of a mediator; mandatory with that role. */
            mediator_class?: components["schemas"]["MediatorClass"] & unknown;
        };
        /**
         * NewTranscriptObjection
         * @description 申请补正.
         */
        NewTranscriptObjection: {
            /**
             * Format: uuid
             * @description Entry.
             */
            entry_id: string;
            /**
             * Format: uint32
             * @description The version it is about.
             */
            version: number;
            /**
             * Format: uint32
             * @description First sign.
             */
            from: number;
            /** @description The words it is about. */
            quote: string;
            /** @description What should stand there. */
            text: string;
        };
        /**
         * NewUpload
         * @description 要上传的文件.
         */
        NewUpload: {
            /** @description File name as the person sees it. */
            name: string;
            /**
             * Format: int64
             * @description Bytes.
             */
            size: number;
            /**
             * Format: int64
             * @description The file's own time, milliseconds since 1970: tells two files of one name apart when resuming.
             */
            last_modified?: number;
        };
        /**
         * NewView
         * @description A view to be saved.
         */
        NewView: {
            /** @description Name. */
            name: string;
            /** @description The search: an object of at most 4 KiB. */
            query: unknown;
        };
        /**
         * NewWebhook
         * @description An address just registered.
         */
        NewWebhook: {
            /** @description The address. */
            webhook: components["schemas"]["Webhook"] & unknown;
            /** @description The key of its signatures (Standard Webhooks): shown this once. */
            secret: string;
        };
        /**
         * NextStep
         * @description 下一步.
         */
        NextStep: {
            /** @description What comes next. */
            title: string;
            /** @description In English. */
            title_en: string;
            /** @description What it means for the viewer. */
            text: string;
            /** @description In English. */
            text_en: string;
            /** @description By when. */
            by?: components["schemas"]["Clock"] & unknown;
            /** @description What the viewer can press. */
            action?: string;
        };
        /**
         * @description Why a number is in doubt.
         * @enum {string}
         */
        NumberDoubt: "off" | "absent" | "reassigned" | "disclaimed";
        /**
         * ObjectionAnswer
         * @description The answer to an objection.
         */
        ObjectionAnswer: {
            /** @description What is done. */
            do: components["schemas"]["ObjectionDo"] & unknown;
            /**
             * Format: uint32
             * @description Of a correction: the version it was made from.
             */
            version?: number;
            /** @description Of a correction: all words of the entry. */
            text?: string;
            /** @description Of a refusal: why. */
            reason?: string;
        };
        /**
         * @description What is done with an objection.
         * @enum {string}
         */
        ObjectionDo: "correct" | "refuse" | "withdraw";
        /**
         * OfflineFiling
         * @description A wish for the counter, as the court's clerks see it.
         */
        OfflineFiling: {
            /**
             * Format: uuid
             * @description Note.
             */
            id: string;
            /** @description Its number. */
            number: string;
            /** @description Who comes. */
            name: string;
            /** @description Mobile number, masked. */
            mobile_masked?: string;
            /** @description Kind. */
            kind: string;
            /** @description 案由, as far as chosen. */
            cause_name?: string;
            /** @description Why. */
            reason: string;
            /**
             * Format: date-time
             * @description When.
             */
            created_at: string;
            /** @description The person agreed that the counter reads what was typed. */
            content_shown: boolean;
            /** @description What was typed, when the person agreed; in the single view only. */
            content?: unknown;
            /**
             * Format: uuid
             * @description 线下办理登记单.
             */
            paper_id?: string;
        };
        /**
         * OfflineList
         * @description Wishes for the counter, newest first.
         */
        OfflineList: {
            /** @description The wishes. */
            items: components["schemas"]["OfflineFiling"][];
            /** @description Ask with it for the next page. */
            next_cursor?: string;
        };
        /**
         * OfflineNote
         * @description 线下办理登记.
         */
        OfflineNote: {
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /** @description Court's name. */
            court_name: string;
            /** @description Number of the note. */
            number: string;
            /** @description Address of the counter. */
            address?: string;
            /** @description Telephone. */
            phone: string;
            /** @description Hours. */
            hours?: string;
            /**
             * Format: uuid
             * @description 线下办理登记单, to show or print.
             */
            paper_id: string;
            /** @description The counter can read what was typed: the person agreed. */
            content_shown: boolean;
        };
        /**
         * OfflineWish
         * @description Wish for the counter.
         */
        OfflineWish: {
            /** @description Why; may be short. */
            reason: string;
            /**
             * @description The person agrees that the counter reads what is typed so far, to go on with it. Without it the counter sees
             *     name, kind and reason only.
             * @default false
             */
            show_content: boolean;
        };
        /**
         * OnlineConsent
         * @description What was said.
         */
        OnlineConsent: {
            /**
             * Format: uuid
             * @description Entry.
             */
            id: string;
            /**
             * Format: uuid
             * @description Party.
             */
            party_id: string;
            /** @description Step. */
            step: components["schemas"]["OnlineStep"] & unknown;
            /** @description 审级. */
            stage: components["schemas"]["ConsentStage"] & unknown;
            /** @description Agrees. */
            agrees: boolean;
            /** @description The court asked; one's own wish when false (A06). */
            invited: boolean;
            /** @description platform_tick, phone_record, signed_form or in_court. */
            proof: string;
            /** @description It was explained, so that it counts. */
            told: boolean;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
        };
        /**
         * OnlineConsentOrder
         * @description 同意、不同意、撤回在线进行.
         */
        OnlineConsentOrder: {
            /**
             * Format: uuid
             * @description For which party.
             */
            party_id: string;
            /** @description The step; consent to one is not consent to another. */
            step: components["schemas"]["OnlineStep"] & unknown;
            /** @description Agrees. */
            agrees: boolean;
            /**
             * @description The court asked; one's own wish when false.
             * @default false
             */
            invited: boolean;
            /** @description The version of the words that were read. */
            told_version: string;
            /** @description Of a clerk: how it is proved. */
            proof?: components["schemas"]["OnlineConsentProof"] & unknown;
            /**
             * Format: uuid
             * @description The recording or the form, in the file.
             */
            proof_leaf?: string;
        };
        /**
         * @description How what a clerk writes down is proved.
         * @enum {string}
         */
        OnlineConsentProof: "phone_record" | "signed_form" | "in_court";
        /**
         * OnlineConsents
         * @description What was said of a case, and what one is told before.
         */
        OnlineConsents: {
            /** @description As it was said. */
            items: components["schemas"]["OnlineConsent"][];
            /** @description To be read before. */
            told: string;
            /** @description To be read before, in English. */
            told_en: string;
            /** @description Its version. */
            told_version: string;
        };
        /**
         * OnlineInvitation
         * @description 邀请在线进行.
         */
        OnlineInvitation: {
            /** @description Which step. */
            step: components["schemas"]["OnlineStep"] & unknown;
        };
        /**
         * OnlineInvited
         * @description How many were asked.
         */
        OnlineInvited: {
            /**
             * Format: uint32
             * @description Parties without an answer who have an account here.
             */
            asked: number;
        };
        /**
         * @description 诉讼环节 (在线诉讼规则 Art 1, 4).
         * @enum {string}
         */
        OnlineStep: "filing" | "mediation" | "evidence_exchange" | "inquiry" | "hearing" | "service";
        /**
         * OpeningObstacle
         * @description Something in the way of opening.
         */
        OpeningObstacle: {
            /** @description Stable code. */
            code: string;
            /** @description What. */
            text: string;
            /** @description What, in English. */
            text_en: string;
            /** @description 依据. */
            article: string;
            /** @description The article in English. */
            article_en: string;
            /** @description The judge may set it aside with a reason. */
            may_be_set_aside: boolean;
        };
        /**
         * OrganisationClaim
         * @description 单位.
         */
        OrganisationClaim: {
            /** @description 名称. */
            name: string;
            /** @description 统一社会信用代码. */
            uscc: string;
            /** @description 法定代表人或负责人. */
            representative: string;
        };
        /**
         * Origin
         * @description 原审案件: the case of first instance an appeal comes from.
         */
        Origin: {
            /**
             * Format: int32
             * @description Its court.
             */
            court_id: number;
            /** @description The court's name. */
            court_name: string;
            /**
             * Format: uuid
             * @description Case there.
             */
            case_id: string;
            /** @description 案号. */
            number: string;
        };
        /**
         * @description 要求提供原件的理由.
         * @enum {string}
         */
        OriginalGround: "objection" | "unclear" | "archive" | "court_need";
        /**
         * Outage
         * @description 故障.
         */
        Outage: {
            /**
             * Format: uuid
             * @description Outage.
             */
            id: string;
            /** @description province or court. */
            scope: string;
            /**
             * Format: int32
             * @description Of one court: which.
             */
            court_id?: number;
            /** @description Its name. */
            court_name?: string;
            /** @description filing, payment, service_inbox; or all. */
            parts: string[];
            /**
             * Format: date-time
             * @description From.
             */
            from: string;
            /**
             * Format: date-time
             * @description To; none while it goes on.
             */
            to?: string;
            /**
             * Format: int64
             * @description Minutes, until now where it goes on.
             */
            minutes: number;
            /** @description probe, restart, person. */
            found_by: string;
            /** @description Announced beforehand. */
            planned: boolean;
            /** @description Why, in Chinese. */
            reason: string;
            /** @description Why, in English. */
            reason_en: string;
            /**
             * Format: date-time
             * @description Written down.
             */
            entered_at: string;
            /**
             * Format: date-time
             * @description Found to be wrong.
             */
            withdrawn_at?: string;
            /** @description Why. */
            withdrawn_why?: string;
            /** @description What it did to ends, court by court. */
            effects: components["schemas"]["OutageEffect"][];
        };
        /**
         * OutageBoard
         * @description The public page.
         */
        OutageBoard: {
            /** @description The month shown. */
            month: string;
            /**
             * Format: date-time
             * @description The first beat that is kept.
             */
            since?: string;
            /**
             * Format: date-time
             * @description The last round of probes.
             */
            checked_at?: string;
            /**
             * Format: uint32
             * @description Seconds between two rounds.
             */
            every_seconds: number;
            /** @description How each part stands. */
            standing: components["schemas"]["PartStanding"][];
            /** @description Minutes of the month in which each part could not be used. */
            minutes: components["schemas"]["PartMinutes"][];
            /** @description The outages of the month, newest first. */
            items: components["schemas"]["Outage"][];
            /** @description Signed reports, newest first. */
            reports: components["schemas"]["OutageReport"][];
        };
        /**
         * OutageDetail
         * @description An outage with what was measured.
         */
        OutageDetail: {
            /** @description The outage. */
            outage: components["schemas"]["Outage"] & unknown;
            /** @description Probes that failed meanwhile, oldest first, at most 200. */
            probes: components["schemas"]["ProbeSeen"][];
        };
        /**
         * OutageEffect
         * @description What an outage did at a court.
         */
        OutageEffect: {
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /** @description Name. */
            court_name: string;
            /** @description next_working_day, hours; unset: the court has no rule, nothing moved. */
            action: string;
            /** @description In Chinese. */
            text: string;
            /** @description In English. */
            text_en: string;
            /**
             * Format: int32
             * @description Ends moved.
             */
            moved: number;
            /**
             * Format: date-time
             * @description When it was last looked at.
             */
            done_at: string;
        };
        /**
         * OutageEnd
         * @description The end of one.
         */
        OutageEnd: {
            /**
             * Format: date-time
             * @description To.
             */
            to: string;
        };
        /**
         * OutageKey
         * @description A public key.
         */
        OutageKey: {
            /** @description Its id: the first 16 hex digits of the SHA-256 of the key. */
            key_id: string;
            /** @description Ed25519. */
            algorithm: string;
            /** @description Base64 of the 32 bytes. */
            public_key: string;
            /** @description The same as PEM. */
            pem: string;
            /** @description It signs now. */
            current: boolean;
        };
        /**
         * OutageKeys
         * @description The keys that signed reports.
         */
        OutageKeys: {
            /** @description The one that signs now first. */
            keys: components["schemas"]["OutageKey"][];
        };
        /**
         * OutageOrder
         * @description 登记故障.
         */
        OutageOrder: {
            /** @description Whose. */
            scope: components["schemas"]["OutageScope"] & unknown;
            /** @description What. */
            parts: components["schemas"]["OutagePart"][];
            /**
             * Format: date-time
             * @description From.
             */
            from: string;
            /**
             * Format: date-time
             * @description To; none while it goes on.
             */
            to?: string;
            /**
             * @description Announced beforehand.
             * @default false
             */
            planned: boolean;
            /** @description Why, for everybody to read. */
            reason: string;
            /**
             * @description The same in English.
             * @default
             */
            reason_en: string;
        };
        /**
         * @description What could not be used.
         * @enum {string}
         */
        OutagePart: "filing" | "payment" | "service_inbox" | "all";
        /**
         * OutageReport
         * @description A signed report.
         */
        OutageReport: {
            /** @description 2026-11. */
            month: string;
            /**
             * Format: int32
             * @description Its number in the chain.
             */
            n: number;
            /**
             * Format: date-time
             * @description Made.
             */
            made_at: string;
            /** @description SHA-256 of the file. */
            sha256: string;
            /** @description SHA-256 of the report before; the file names it too. */
            previous_sha256?: string;
            /** @description Which key signed. */
            key_id: string;
            /** @description Ed25519. */
            algorithm: string;
            /** @description Base64 of the 64 bytes. */
            signature: string;
            /** @description Where the file is. */
            file_path: string;
            /** @description Where the detached signature is. */
            signature_path: string;
        };
        /**
         * OutageReports
         * @description Every report.
         */
        OutageReports: {
            /** @description Newest first. */
            items: components["schemas"]["OutageReport"][];
        };
        /**
         * @description Whose outage it is.
         * @enum {string}
         */
        OutageScope: "province" | "court";
        /**
         * OutageWithdrawal
         * @description Why it was wrong.
         */
        OutageWithdrawal: {
            /** @description Why. */
            reason: string;
        };
        /**
         * OwnIdentityView
         * @description What the caller said of somebody.
         */
        OwnIdentityView: {
            /** @description no_objection or objection. */
            says: components["schemas"]["IdentitySays"] & unknown;
            /** @description In words. */
            note?: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
        };
        /**
         * PackagedFile
         * @description A line of the package's list.
         */
        PackagedFile: {
            /** @description What it is. */
            kind: string;
            /** @description Path. */
            path: string;
            /**
             * Format: int64
             * @description Bytes.
             */
            size: number;
            /** @description SHA-256. */
            sha256: string;
            /** @description SM3. */
            sm3: string;
        };
        /**
         * @description 审判组织里的身份.
         * @enum {string}
         */
        PanelRole: "presiding_judge" | "judge" | "clerk";
        /**
         * @description Who may read a paper besides the court.
         * @enum {string}
         */
        PaperAudience: "all" | "addressee" | "staff";
        /**
         * PaperChoice
         * @description A paper to be served: one issued, or a leaf of the file with its class.
         */
        PaperChoice: {
            /**
             * Format: uuid
             * @description Paper.
             */
            paper_id?: string;
            /**
             * Format: uuid
             * @description Leaf of the file.
             */
            leaf_id?: string;
            /** @description Of a leaf: evidence, pleading_copy or complaint_copy. */
            paper_kind?: string;
            /**
             * @description Of a leaf that is a ruling, where it may be appealed: not_accepted, jurisdiction, dismissed. Its service starts the
             *     ten days.
             */
            ruling?: string;
        };
        /**
         * PaperLink
         * @description A signed address of a paper.
         */
        PaperLink: {
            /**
             * Format: int32
             * @description Paper of the service.
             */
            n: number;
            /** @description 名称. */
            title: string;
            /** @description SHA-256 of the bytes. */
            sha256?: string;
            /** @description The address; it needs no session. */
            url: string;
        };
        /**
         * PaperLinks
         * @description Signed addresses of the papers of a service.
         */
        PaperLinks: {
            /** @description In the order they are read. */
            items: components["schemas"]["PaperLink"][];
            /**
             * Format: date-time
             * @description Good until.
             */
            expires_at: string;
        };
        /**
         * PaperRef
         * @description 文书 of a filing or a case.
         */
        PaperRef: {
            /**
             * Format: uuid
             * @description Paper.
             */
            id: string;
            /** @description Kind, such as `filing_receipt`. */
            kind: string;
            /** @description 名称. */
            title: string;
            /**
             * Format: date-time
             * @description Issued.
             */
            issued_at: string;
            /** @description 核验码. */
            verify_code: string;
            /** @description Who may read it besides the court. */
            audience: components["schemas"]["PaperAudience"] & unknown;
        };
        /**
         * PaperSeal
         * @description 电子印章.
         */
        PaperSeal: {
            /** @description State. */
            state: components["schemas"]["SealState"] & unknown;
            /** @description Why, as `lianting verify` says it: `verified`, `content_changed`, `issuer_untrusted` … */
            reason?: string;
            /** @description In Chinese. */
            explained?: string;
            /** @description The same in English. */
            explained_en?: string;
            /** @description The court whose seal it is. */
            court?: string;
            /** @description Number of the certificate. */
            certificate?: string;
            /** @description Who issued the certificate. */
            issuer?: string;
            /**
             * Format: date-time
             * @description Sealed, by the court's clock.
             */
            sealed_at?: string;
            /**
             * Format: date-time
             * @description The moment a time stamp proves.
             */
            stamped_at?: string;
            /** @description The time-stamping authority. */
            stamped_by?: string;
            /** @description A time stamp that was given after the file was handed out (RFC 3161 token, Base64): `lianting verify --stamp`. */
            stamp?: string;
        };
        /**
         * PaperTemplate
         * @description A paper and who dressed it.
         */
        PaperTemplate: {
            /** @description Key. */
            name: string;
            /** @description 名称. */
            title: string;
            /** @description The same in English. */
            title_en: string;
            /** @description The court has its own in force; else the house's holds. */
            own: boolean;
            /** @description A draft waits. */
            draft: boolean;
            /**
             * Format: int32
             * @description The version in force.
             */
            version?: number;
            /**
             * Format: date-time
             * @description Since when.
             */
            published_at?: string;
            /** @description By whom. */
            by?: string;
            /** @description What went wrong with a real paper, which was then set by the house's own. */
            fault?: string;
        };
        /**
         * PaperTemplateDetail
         * @description One paper's template.
         */
        PaperTemplateDetail: {
            /** @description The paper. */
            template: components["schemas"]["PaperTemplate"] & unknown;
            /** @description The house's source (typst). */
            house_source: string;
            /** @description The court's own in force. */
            own_source?: string;
            /** @description The draft. */
            draft_source?: string;
            /**
             * Format: int32
             * @description Version of the draft, 0 when there is none.
             */
            version: number;
            /** @description Versions, newest first. */
            past: components["schemas"]["PastTemplate"][];
        };
        /**
         * PaperTemplates
         * @description The papers of a court.
         */
        PaperTemplates: {
            /** @description All of them. */
            items: components["schemas"]["PaperTemplate"][];
        };
        /**
         * PaperVerdict
         * @description 核验结果.
         */
        PaperVerdict: {
            /** @description A paper with this code was issued here. */
            found: boolean;
            /** @description What may have been mistyped. */
            hint?: string;
            /** @description The same in English. */
            hint_en?: string;
            /** @description What is known of it. */
            paper?: components["schemas"]["VerifiedPaper"] & unknown;
        };
        /**
         * PartMinutes
         * @description Minutes of a part.
         */
        PartMinutes: {
            /** @description Part. */
            part: string;
            /**
             * Format: int64
             * @description Minutes.
             */
            minutes: number;
        };
        /**
         * PartStanding
         * @description How a part stands.
         */
        PartStanding: {
            /** @description filing, payment, service_inbox. */
            part: string;
            /** @description 名称. */
            name: string;
            /** @description Name in English. */
            name_en: string;
            /** @description It can be used. */
            up: boolean;
            /**
             * Format: date-time
             * @description Since when it cannot.
             */
            since?: string;
        };
        /**
         * PartyAddresses
         * @description 送达地址确认 of one party.
         */
        PartyAddresses: {
            /**
             * Format: uuid
             * @description Party.
             */
            party_id: string;
            /** @description Name. */
            name: string;
            /** @description Agrees to electronic service now, for notices. */
            agrees: boolean;
            /** @description Addresses. */
            addresses: components["schemas"]["ServiceAddressView"][];
            /** @description Versions, newest first. */
            versions: components["schemas"]["ConsentVersion"][];
        };
        /**
         * @description 当事人是什么 (民事诉讼法 第五十一条).
         * @enum {string}
         */
        PartyKind: "natural" | "legal" | "unincorporated";
        /**
         * @description 诉讼地位; of second instance, who appeals is the plaintiff (上诉人) and the others are defendants (被上诉人).
         * @enum {string}
         */
        PartySide: "plaintiff" | "defendant" | "third_party" | "applicant" | "respondent";
        /**
         * PasswordChange
         * @description 改密码.
         */
        PasswordChange: {
            /** @description The present password; this or `code`. */
            current?: string;
            /** @description A one-time code sent to the account's mobile number (purpose `bind`). */
            code?: string;
            /** @description The new password. */
            password: string;
        };
        /**
         * PastTemplate
         * @description A version that is or was in force.
         */
        PastTemplate: {
            /**
             * Format: int32
             * @description Version.
             */
            version: number;
            /**
             * Format: date-time
             * @description From.
             */
            published_at: string;
            /** @description By whom. */
            by: string;
            /** @description Why. */
            reason: string;
            /**
             * Format: date-time
             * @description Until.
             */
            ended_at?: string;
            /** @description Why it ended. */
            end_reason?: string;
        };
        /**
         * @description In what form the payer meets the order.
         * @enum {string}
         */
        PayForm: "native" | "h5";
        /**
         * PayOrder
         * @description 交费.
         */
        PayOrder: {
            /** @description A code for another phone, or a page for this one. */
            form: components["schemas"]["PayForm"] & unknown;
        };
        /**
         * PhotoPages
         * @description 照片合成一份 PDF.
         */
        PhotoPages: {
            /** @description Pictures of this draft, in the order of the pages. */
            file_ids: string[];
            /** @description Name of the PDF. */
            name: string;
        };
        /**
         * PolicyCell
         * @description One cell of the role × act table.
         */
        PolicyCell: {
            /** @description Role. */
            role: string;
            /** @description Act. */
            act: string;
            /** @description Allowed at this court. */
            allowed: boolean;
            /** @description province or court. */
            source: string;
        };
        /**
         * PolicyChange
         * @description One change.
         */
        PolicyChange: {
            /** @description Role. */
            role: string;
            /** @description Act. */
            act: string;
            /** @description Effect. */
            effect: components["schemas"]["Effect"] & unknown;
        };
        /**
         * PolicyMatrix
         * @description The role × act table of a court.
         */
        PolicyMatrix: {
            /**
             * Format: int32
             * @description Number of departures from the province's lines.
             */
            version: number;
            /** @description The cells. */
            matrix: components["schemas"]["PolicyCell"][];
        };
        /**
         * PolicyOrder
         * @description Changes.
         */
        PolicyOrder: {
            /** @description The changes. */
            changes: components["schemas"]["PolicyChange"][];
        };
        /**
         * PolicyPreview
         * @description What changes do.
         */
        PolicyPreview: {
            /** @description Cells that would change. */
            changes: components["schemas"]["PolicyPreviewRow"][];
        };
        /**
         * PolicyPreviewRow
         * @description What a change does.
         */
        PolicyPreviewRow: {
            /** @description Role. */
            role: string;
            /** @description Act. */
            act: string;
            /** @description Allowed now. */
            before: boolean;
            /** @description Allowed then. */
            after: boolean;
            /**
             * Format: int64
             * @description People of the court who hold the role.
             */
            people: number;
        };
        /**
         * PostalLabel
         * @description 邮寄标签.
         */
        PostalLabel: {
            /** @description 收件人. */
            receiver: string;
            /** @description 电话. */
            phone: string;
            /** @description 地址. */
            address: string;
        };
        /**
         * PostalOrder
         * @description 邮寄地址.
         */
        PostalOrder: {
            /** @description 收件人. */
            receiver: string;
            /** @description 电话. */
            phone: string;
            /** @description 地址. */
            address: string;
        };
        /**
         * @description 代理权限 (民事诉讼法 第六十二条).
         * @enum {string}
         */
        Power: "general" | "special";
        /**
         * ProbeSeen
         * @description What one probe found.
         */
        ProbeSeen: {
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description Which node. */
            node: string;
            /** @description database, store, renderer, filing, sms, payment. */
            what: string;
            /** @description It answered as it should. */
            ok: boolean;
            /**
             * Format: int64
             * @description How long it took.
             */
            millis: number;
            /** @description What was wrong. */
            fault?: string;
        };
        /**
         * Problem
         * @description RFC 9457 problem details with Lianting's extensions.
         */
        Problem: {
            /** @description A URI that names the kind of problem. */
            type: string;
            /** @description 标题. */
            title: string;
            /** @description The title in English. */
            title_en: string;
            /**
             * Format: uint16
             * @description The HTTP status.
             */
            status: number;
            /** @description Stable code for software, such as `filing.claimed`. */
            code: string;
            /** @description 原因. */
            detail: string;
            /** @description The cause, in English. */
            detail_en: string;
            /** @description 怎么办. */
            cure: string;
            /** @description The cure, in English. */
            cure_en: string;
            /** @description JSON pointer to the field at fault, when one field is. */
            field?: string;
            /** @description Every field at fault, when several are. */
            errors?: components["schemas"]["FieldProblem"][];
            /** @description Quote this number to the help desk. */
            request_id?: string;
            /** @description What stands now, where somebody else was first and the two have to be brought together. */
            current?: unknown;
        };
        /**
         * @description 审理程序.
         * @enum {string}
         */
        Procedure: "summary" | "ordinary" | "small_claims" | "enforcement" | "second_instance";
        /**
         * Proof
         * @description 身份凭证.
         */
        Proof: {
            /**
             * Format: uuid
             * @description Id.
             */
            id: string;
            /** @description Kind. */
            kind: components["schemas"]["ProofKind"] & unknown;
            /** @description As people call it. */
            label: string;
            /** @description Number, masked. */
            number_masked: string;
            /** @description Whose it is. */
            holder: string;
            /** @description 执业机构. */
            firm?: string;
            /** @description How far it was checked. */
            state: components["schemas"]["ProofState"] & unknown;
            /** @description Why it was rejected. */
            reason?: string;
            /**
             * Format: date-time
             * @description When it was decided.
             */
            decided_at?: string;
            /** @description Open this to show one's face; then ask for the check again. */
            check_url?: string;
            /**
             * Format: uuid
             * @description For the court that checks it: the person's latest filing here, where copies of the documents lie.
             */
            filing_id?: string;
        };
        /**
         * ProofDecision
         * @description 核验结论.
         */
        ProofDecision: {
            /** @description checked_by_clerk or rejected. */
            state: components["schemas"]["ProofState"] & unknown;
            /** @description Why, when rejected. */
            reason?: string;
        };
        /**
         * @description 证件种类.
         * @enum {string}
         */
        ProofKind: "resident_id" | "passport" | "hk_macau_permit" | "taiwan_permit" | "foreign_permanent" | "organisation" | "lawyer_licence" | "legal_worker_licence";
        /**
         * ProofList
         * @description A page of proofs.
         */
        ProofList: {
            /** @description The proofs, oldest first. */
            items: components["schemas"]["Proof"][];
            /** @description Ask with this for more. */
            next_cursor?: string;
        };
        /**
         * @description 凭证状态.
         * @enum {string}
         */
        ProofState: "claimed" | "checked_by_document" | "checked_by_registry" | "checked_by_clerk" | "rejected";
        /**
         * ProvinceCourtHearings
         * @description A court's rooms in figures.
         */
        ProvinceCourtHearings: {
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /** @description Court's name. */
            court_name: string;
            /**
             * Format: int64
             * @description To begin within three hours.
             */
            soon: number;
            /**
             * Format: int64
             * @description Whose waiting room is open.
             */
            waiting: number;
            /**
             * Format: int64
             * @description That sit: open, in a closed part, in mediation.
             */
            sitting: number;
            /**
             * Format: int64
             * @description Adjourned or suspended.
             */
            paused: number;
            /**
             * Format: int64
             * @description That ended and are being signed.
             */
            signing: number;
            /**
             * Format: int64
             * @description Alerts nobody closed.
             */
            alerts: number;
            /**
             * Format: int64
             * @description Of these, that nobody took.
             */
            untaken: number;
        };
        /**
         * ProvinceHearing
         * @description A room.
         */
        ProvinceHearing: {
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /** @description Court's name. */
            court_name: string;
            /**
             * Format: uuid
             * @description Hearing.
             */
            hearing_id: string;
            /** @description 会议号. */
            number: string;
            /** @description Kind of session. */
            kind: components["schemas"]["SessionKind"] & unknown;
            /** @description 名称. */
            kind_name: string;
            /** @description Name in English. */
            kind_name_en: string;
            /** @description State. */
            state: components["schemas"]["HearingState"] & unknown;
            /** @description 名称. */
            state_name: string;
            /** @description Name in English. */
            state_name_en: string;
            /** @description online or hybrid. */
            held: string;
            /**
             * Format: date-time
             * @description Begins.
             */
            starts_at: string;
            /**
             * Format: int64
             * @description People with a line now.
             */
            connected: number;
            /**
             * Format: int64
             * @description Of these, with a tenth or more lost either way.
             */
            poor: number;
            /** @description The worst of these lines: good (under 10 % of loss), poor (10 to 15 %) or bad (15 % and more); absent without figures. */
            band?: components["schemas"]["LineBand"] & unknown;
            /**
             * Format: int64
             * @description Alerts nobody closed.
             */
            alerts: number;
            /**
             * Format: int64
             * @description Of these, that nobody took.
             */
            untaken: number;
            /** @description What they are about. */
            alert_kinds: string[];
        };
        /**
         * ProvinceHearings
         * @description 全省庭审看板.
         */
        ProvinceHearings: {
            /**
             * Format: date-time
             * @description When it was counted.
             */
            as_of: string;
            /** @description Courts with a room, those with most alerts first. */
            courts: components["schemas"]["ProvinceCourtHearings"][];
            /** @description Rooms: those with alerts nobody took first, then by time. */
            hearings: components["schemas"]["ProvinceHearing"][];
        };
        /**
         * ProvinceOverview
         * @description 全省情况.
         */
        ProvinceOverview: {
            /**
             * Format: date-time
             * @description When counted.
             */
            as_of: string;
            /** @description In all. */
            totals: components["schemas"]["ProvinceTotals"] & unknown;
            /** @description Each court. */
            courts: components["schemas"]["CourtFigures"][];
        };
        /**
         * ProvinceTotals
         * @description The province in a line.
         */
        ProvinceTotals: {
            /**
             * Format: int64
             * @description Courts.
             */
            courts: number;
            /**
             * Format: int64
             * @description Open for filings.
             */
            enabled: number;
            /**
             * Format: int64
             * @description Filings waiting.
             */
            waiting: number;
            /**
             * Format: int64
             * @description Past their limit.
             */
            overdue: number;
            /**
             * Format: int64
             * @description Decided on the day of receipt over 30 days, percent.
             */
            same_day_percent?: number;
            /**
             * Format: int64
             * @description Cases docketed this year.
             */
            cases_this_year: number;
        };
        /**
         * @description 发验证码的用途.
         * @enum {string}
         */
        Purpose: "sign_up" | "sign_in" | "bind";
        /**
         * QueueStats
         * @description The head of the clerk's queue.
         */
        QueueStats: {
            /**
             * Format: int64
             * @description Reviewed today, Beijing.
             */
            reviewed_today: number;
            /**
             * Format: int64
             * @description Waiting.
             */
            waiting: number;
            /**
             * Format: int64
             * @description Due today.
             */
            due_today: number;
            /**
             * Format: int64
             * @description Past their limit.
             */
            overdue: number;
            /**
             * Format: int64
             * @description Sent back, and the time to correct has passed (到期未补正).
             */
            uncorrected: number;
            /**
             * Format: int64
             * @description To be decided by the end of today, the court's own target (当日审核).
             */
            target_today: number;
            /**
             * Format: int64
             * @description Share of the last 30 days that met the same-day target, percent; absent where the court has none.
             */
            same_day_percent?: number;
        };
        /**
         * ReadingAnswer
         * @description What was answered.
         */
        ReadingAnswer: {
            /** @description Agrees. */
            agrees: boolean;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description To the words as they are today. */
            current: boolean;
        };
        /**
         * ReadingPoint
         * @description A point of a text.
         */
        ReadingPoint: {
            /** @description 内容. */
            text: string;
            /** @description The content in English. */
            text_en: string;
            /** @description 依据. */
            basis: string;
        };
        /**
         * Reason
         * @description A reason.
         */
        Reason: {
            /** @description 理由, at least 20 signs where the law asks for one; of a withdrawal at most 500, and none is asked for. */
            reason: string;
        };
        /**
         * RebookAsked
         * @description Another time was granted.
         */
        RebookAsked: {
            /**
             * Format: uuid
             * @description On which request.
             */
            request_id: string;
            /** @description Why it was granted. */
            reasons: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
        };
        /**
         * RebuttalDecision
         * @description 对异议的决定.
         */
        RebuttalDecision: {
            /** @description The presumption falls. */
            upheld: boolean;
            /** @description Reasons. */
            reasons: string;
        };
        /**
         * @description 推翻推定的理由 (在线诉讼规则 Art 31).
         * @enum {string}
         */
        RebuttalGround: "system_error" | "not_own_address" | "read_by_another";
        /**
         * RebuttalOrder
         * @description 对推定送达提出异议.
         */
        RebuttalOrder: {
            /** @description Ground. */
            ground: components["schemas"]["RebuttalGround"] & unknown;
            /** @description What happened. */
            account: string;
            /**
             * @description Uploads of one's own that prove it.
             * @default []
             */
            file_ids: string[];
        };
        /**
         * RecipientChoice
         * @description A recipient.
         */
        RecipientChoice: {
            /**
             * Format: uuid
             * @description Party.
             */
            party_id: string;
            /**
             * @description Without domicile in China.
             * @default false
             */
            abroad: boolean;
        };
        /**
         * Recording
         * @description A file of a hearing's recording.
         */
        Recording: {
            /**
             * Format: uuid
             * @description Id.
             */
            id: string;
            /** @description person, screen, mosaic, manifest, events, gaps or package. */
            kind: string;
            /**
             * Format: uuid
             * @description Whose.
             */
            participant_id?: string;
            /**
             * Format: int64
             * @description Bytes.
             */
            size: number;
            /** @description SHA-256. */
            sha256: string;
            /** @description SM3. */
            sm3: string;
            /**
             * Format: int64
             * @description Length of media.
             */
            millis?: number;
            /** @description Root of the package. */
            root?: string;
            /**
             * Format: date-time
             * @description Made.
             */
            made_at: string;
            /** @description Proved to lie in the store as it was made. */
            checked: boolean;
        };
        /**
         * RecordingAway
         * @description How far a recording is on its way out.
         */
        RecordingAway: {
            /**
             * Format: uuid
             * @description Recording.
             */
            recording_id: string;
            /** @description Somebody asked for it to go. */
            asked: boolean;
            /** @description Who. */
            asked_by_name?: string;
            /**
             * Format: date-time
             * @description When.
             */
            asked_at?: string;
            /** @description Why. */
            reason?: string;
            /** @description It is gone. */
            gone: boolean;
            /**
             * Format: date-time
             * @description Since when.
             */
            gone_at?: string;
            /**
             * Format: naive-date
             * @description Kept until; absent: for good.
             */
            retain_until?: string;
        };
        /**
         * RecordingDecision
         * @description A decision.
         */
        RecordingDecision: {
            /** @description Granted. */
            grant: boolean;
            /** @description Why. */
            reasons: string;
            /**
             * Format: int64
             * @description For so many days.
             * @default 7
             */
            days: number;
        };
        /**
         * RecordingList
         * @description Files of a hearing's recording.
         */
        RecordingList: {
            /** @description Files. */
            items: components["schemas"]["Recording"][];
        };
        /**
         * RecordingRequest
         * @description An application to see or copy a recording.
         */
        RecordingRequest: {
            /**
             * Format: uuid
             * @description Application.
             */
            id: string;
            /**
             * Format: uuid
             * @description Hearing.
             */
            hearing_id: string;
            /** @description What. */
            kind: components["schemas"]["RecordingRequestKind"] & unknown;
            /** @description 名称. */
            kind_name: string;
            /** @description Name in English. */
            kind_name_en: string;
            /** @description What for. */
            purpose: string;
            /** @description Who asks. */
            name: string;
            /**
             * Format: uuid
             * @description For which party.
             */
            party_id?: string;
            /**
             * Format: int64
             * @description From, ms of the recording.
             */
            from_ms?: number;
            /**
             * Format: int64
             * @description Until, ms of the recording.
             */
            until_ms?: number;
            /**
             * Format: date-time
             * @description When.
             */
            asked_at: string;
            /** @description open, granted, refused or ended. */
            state: string;
            /**
             * Format: date-time
             * @description When it was decided.
             */
            decided_at?: string;
            /** @description And why. */
            reasons?: string;
            /**
             * Format: date-time
             * @description End of the grant.
             */
            until?: string;
            /** @description The grant holds now. */
            in_force: boolean;
            /** @description The copy with one's name was made; it opens at `…/content`. */
            copy_ready: boolean;
            /** @description The caller's. */
            own: boolean;
            /** @description The caller may decide it. */
            may_decide: boolean;
        };
        /**
         * @description What is asked for.
         * @enum {string}
         */
        RecordingRequestKind: "view" | "copy_audio" | "copy_video";
        /**
         * RecordingRequests
         * @description Applications.
         */
        RecordingRequests: {
            /** @description Open ones first. */
            items: components["schemas"]["RecordingRequest"][];
        };
        /**
         * RecordingRetention
         * @description How long the recordings of a case are kept.
         */
        RecordingRetention: {
            /** @description Class. */
            class: components["schemas"]["RetentionClass"] & unknown;
            /** @description 名称. */
            class_name: string;
            /** @description Name in English. */
            class_name_en: string;
            /**
             * Format: naive-date
             * @description Until; absent: for good, or the case is not closed.
             */
            until?: string;
        };
        /**
         * RecoverySent
         * @description 已受理.
         */
        RecoverySent: {
            /**
             * Format: uint32
             * @description Minutes the link is good for, if there is such an account.
             */
            expires_in_minutes: number;
        };
        /**
         * RecoveryWanted
         * @description 找回.
         */
        RecoveryWanted: {
            /** @description Mobile number, ID number, licence number or credit code. */
            identifier: string;
        };
        /**
         * RefundDecision
         * @description A decision on a refund.
         */
        RefundDecision: {
            /** @description Approved or refused. */
            grant: boolean;
            /** @description Why. */
            reason: string;
        };
        /**
         * @description 退费事由.
         * @enum {string}
         */
        RefundGround: "halved" | "lowered" | "remanded" | "dismissed" | "transferred" | "winner" | "other";
        /**
         * RefundOrder
         * @description 申请退费.
         */
        RefundOrder: {
            /**
             * Format: int64
             * @description Fen.
             */
            amount_fen: number;
            /** @description 事由. */
            ground: components["schemas"]["RefundGround"] & unknown;
            /** @description In words. */
            reason: string;
        };
        /**
         * RefundProof
         * @description 退款凭证.
         */
        RefundProof: {
            /** @description The statement's number of the entry; no account number. */
            reference: string;
        };
        /**
         * Refusal
         * @description 不予受理.
         */
        Refusal: {
            /** @description 释明. */
            reason: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
        };
        /**
         * @description What is asked for.
         * @enum {string}
         */
        Relief: "defer" | "reduce" | "exempt";
        /**
         * ReliefDecision
         * @description 决定.
         */
        ReliefDecision: {
            /** @description Granted or refused. */
            grant: boolean;
            /**
             * Format: int32
             * @description Of a reduction: how much less, 30 to 99.
             */
            percent?: number;
            /**
             * Format: naive-date
             * @description Of a deferral: the last day.
             */
            until?: string;
            /** @description Reasons. */
            reason: string;
        };
        /**
         * ReliefOrder
         * @description 申请缓、减、免.
         */
        ReliefOrder: {
            /** @description Which. */
            kind: components["schemas"]["Relief"] & unknown;
            /** @description Why the fee cannot be paid (now). */
            grounds: string;
            /**
             * @description Proof of it (Art 48), uploaded before; for the court alone to read.
             * @default []
             */
            file_ids: string[];
        };
        /**
         * ReopeningOrder
         * @description 撤销结案.
         */
        ReopeningOrder: {
            /** @description Why. */
            reason: string;
        };
        /**
         * ReportOrder
         * @description 登记结果.
         */
        ReportOrder: {
            /**
             * Format: uuid
             * @description Of which sending.
             */
            attempt_id: string;
            /** @description courier_tried, signed, returned, left, published, refused, receipt_proved, arrival_proved, no_fault_proved, answered_received. */
            what: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
            /** @description Who signed: recipient, agent, appointed_receiver, organisation_receiver, household_adult, opposing_party, other. */
            by?: string;
            /** @description Why it came back: wrong_address, change_not_told, address_refused, sign_refused, nobody_met, not_known, other. */
            reason?: string;
            /**
             * @description Witnesses, pictures or video are in the file.
             * @default false
             */
            witnessed: boolean;
            /**
             * Format: uuid
             * @description The receipt or picture, as a leaf of the file.
             */
            evidence_leaf?: string;
        };
        /**
         * @description 诉讼代理人是什么 (民事诉讼法 第六十一条).
         * @enum {string}
         */
        RepresentativeKind: "lawyer" | "legal_worker" | "relative" | "employee" | "recommended";
        /**
         * @description 档案保管期限.
         * @enum {string}
         */
        RetentionClass: "permanent" | "sixty_years" | "thirty_years";
        /**
         * RetentionOrder
         * @description 定保管期限.
         */
        RetentionOrder: {
            /** @description Class. */
            class: components["schemas"]["RetentionClass"] & unknown;
            /** @description Why. */
            reason: string;
        };
        /**
         * ReturnOrder
         * @description 退回补正.
         */
        ReturnOrder: {
            /** @description The complete list. */
            items: components["schemas"]["CorrectionItem"][];
            /**
             * Format: uint32
             * @description Days to correct.
             */
            days: number;
        };
        /**
         * ReviewTimes
         * @description 受理与答复.
         */
        ReviewTimes: {
            /**
             * Format: uint32
             * @description Days to review a filing.
             */
            days: number;
            /** @description Review on the same day is the target. */
            same_day: boolean;
            /**
             * Format: uint32
             * @description Days to correct.
             */
            correction_days: number;
        };
        /**
         * @description A role at a court.
         * @enum {string}
         */
        Role: "judge" | "clerk" | "presiding_judge" | "court_admin" | "provincial_admin" | "security_admin" | "auditor" | "technician" | "party" | "lawyer" | "legal_worker" | "mediator";
        /**
         * RoleHeld
         * @description A role held somewhere.
         */
        RoleHeld: {
            /** @description The role. */
            role: components["schemas"]["Role"] & unknown;
            /**
             * Format: int32
             * @description Court; everywhere when absent.
             */
            court_id?: number;
            /** @description Its name. */
            court_name?: string;
        };
        /**
         * Rule
         * @description 规则 in force.
         */
        Rule: {
            /** @description Key. */
            key: string;
            /** @description 名称. */
            name: string;
            /** @description Name in English. */
            name_en: string;
            /** @description The value; its shape is in `schema`. */
            value: unknown;
            /** @description Unit of a bare number. */
            unit?: string;
            /** @description 依据. */
            basis: string;
            /** @description Level that set it: province, intermediate or court. */
            set_at: string;
            /**
             * Format: int32
             * @description Court that set it.
             */
            set_at_court: number;
            /** @description Who set it. */
            set_by: string;
            /**
             * Format: int32
             * @description Version at that level.
             */
            version: number;
            /**
             * Format: naive-date
             * @description First day in force.
             */
            valid_from: string;
            /**
             * Format: naive-date
             * @description Last day in force.
             */
            valid_to?: string;
            /** @description A word on it. */
            note?: string;
            /** @description Its source is unsure; a court should check it. */
            unsure: boolean;
            /** @description True when this court has not been told a value. */
            unset: boolean;
            /** @description Published for a later day, nearest first. */
            upcoming: components["schemas"]["RuleVersion"][];
            /** @description JSON Schema of the value. */
            schema: unknown;
        };
        /**
         * RuleEffect
         * @description What a new value would change.
         */
        RuleEffect: {
            /**
             * Format: int64
             * @description Filings under review.
             */
            open_filings: number;
            /** @description A filing received today, under the rule as it is and under the new value. */
            example?: components["schemas"]["RuleExample"] & unknown;
            /** @description In Chinese. */
            text: string;
            /** @description In English. */
            text_en: string;
        };
        /**
         * RuleExample
         * @description What the new value means for a filing received today.
         */
        RuleExample: {
            /**
             * Format: naive-date
             * @description Received.
             */
            received_on: string;
            /**
             * Format: naive-date
             * @description Last day by the rule as it is.
             */
            before: string;
            /**
             * Format: naive-date
             * @description Last day by the new value.
             */
            after: string;
        };
        /**
         * RuleOrder
         * @description A new version of a rule.
         */
        RuleOrder: {
            /** @description The value, by the rule's schema. */
            value: unknown;
            /** @description 依据: an article or a document. Mandatory. */
            basis: string;
            /**
             * Format: naive-date
             * @description First day in force.
             */
            valid_from: string;
            /** @description A word on it. */
            note?: string;
        };
        /**
         * RuleVersion
         * @description A version published for a later day.
         */
        RuleVersion: {
            /**
             * Format: int32
             * @description Version at that level.
             */
            version: number;
            /** @description The value. */
            value: unknown;
            /** @description 依据. */
            basis: string;
            /**
             * Format: naive-date
             * @description First day in force.
             */
            valid_from: string;
            /**
             * Format: naive-date
             * @description Last day in force.
             */
            valid_to?: string;
            /** @description A word on it. */
            note?: string;
            /** @description Who set it. */
            set_by: string;
            /**
             * Format: int32
             * @description Court that set it.
             */
            set_at_court: number;
        };
        /**
         * Saved
         * @description A draft was saved.
         */
        Saved: {
            /**
             * Format: int32
             * @description The new version.
             */
            version: number;
            /**
             * Format: date-time
             * @description When.
             */
            saved_at: string;
        };
        /**
         * SavedView
         * @description 常用视图.
         */
        SavedView: {
            /**
             * Format: uuid
             * @description Id.
             */
            id: string;
            /** @description Name. */
            name: string;
            /** @description The search, as the page keeps it. */
            query: unknown;
        };
        /**
         * SavedViewList
         * @description One's saved views.
         */
        SavedViewList: {
            /** @description In the order they were saved. */
            items: components["schemas"]["SavedView"][];
        };
        /**
         * SealOrder
         * @description 封存.
         */
        SealOrder: {
            /** @description Sealed or not. */
            sealed: boolean;
            /** @description Why. */
            reason: string;
        };
        /**
         * @description 电子印章的状态.
         * @enum {string}
         */
        SealState: "unsealed" | "valid" | "invalid" | "unchecked";
        /**
         * SeatMeasures
         * @description 特别安排 of a participant.
         */
        SeatMeasures: {
            /**
             * @description Who must not see, or not hear, this one: held by the media server.
             * @default []
             */
            screens: components["schemas"]["SeatScreen"][];
            /** @description 陪同人: who sits beside this one. */
            companion?: string;
            /** @description What else the clerk and the technician have to see to. */
            note?: string;
        };
        /**
         * SeatMeasuresOrder
         * @description 特别安排 of a seat.
         */
        SeatMeasuresOrder: {
            /** @description Which; none at all ends those ordered before. */
            measures: components["schemas"]["SeatMeasures"] & unknown;
            /** @description Why. */
            reasons: string;
        };
        /**
         * SeatMobile
         * @description 常用手机号.
         */
        SeatMobile: {
            /** @description Number. */
            mobile: string;
        };
        /**
         * SeatOrder
         * @description 增加参与人.
         */
        SeatOrder: {
            /**
             * Format: int32
             * @description The version its page showed.
             */
            version: number;
            /** @description Who. */
            seat: components["schemas"]["NewSeat"] & unknown;
            /** @description Why at a time at which he or she is busy. */
            conflict_reason?: string;
            /**
             * @description In every sitting of the series that has not begun.
             * @default false
             */
            whole_series: boolean;
        };
        /**
         * SeatRemoval
         * @description 去掉参与人.
         */
        SeatRemoval: {
            /**
             * Format: int32
             * @description The version its page showed.
             */
            version: number;
            /** @description Why. */
            reason: string;
            /**
             * @description Off every sitting of the series that has not begun.
             * @default false
             */
            whole_series: boolean;
        };
        /**
         * SeatScreen
         * @description Somebody who must not perceive another.
         */
        SeatScreen: {
            /**
             * Format: uuid
             * @description Who must not see.
             */
            viewer_id: string;
            /**
             * @description Nor hear.
             * @default false
             */
            also_unheard: boolean;
        };
        /**
         * SeriesEnd
         * @description 整个系列取消.
         */
        SeriesEnd: {
            /** @description Why. */
            reason: string;
        };
        /**
         * SeriesEnded
         * @description What was called off.
         */
        SeriesEnded: {
            /** @description Sittings, by time. */
            hearing_ids: string[];
        };
        /**
         * ServedPaper
         * @description A paper of a service.
         */
        ServedPaper: {
            /**
             * Format: int32
             * @description Place in the bundle.
             */
            n: number;
            /** @description 名称. */
            title: string;
            /** @description Its class. */
            kind: string;
            /** @description Its media type. */
            media_type: string;
            /**
             * Format: uuid
             * @description The paper, where it is one we issued.
             */
            paper_id?: string;
            /**
             * Format: int32
             * @description Pages, once set.
             */
            pages?: number;
            /** @description SHA-256 of what is served, once fixed. */
            sha256?: string;
        };
        /**
         * Service
         * @description 一次送达.
         */
        Service: {
            /**
             * Format: uuid
             * @description Service.
             */
            id: string;
            /**
             * Format: uuid
             * @description The act it belongs to.
             */
            act_id: string;
            /**
             * Format: uuid
             * @description Case.
             */
            case_id: string;
            /** @description 案号. */
            number: string;
            /**
             * Format: date-time
             * @description Ordered.
             */
            ordered_at: string;
            /** @description By whom. */
            ordered_by: string;
            /** @description May be served electronically, with consent. */
            electronic: boolean;
            /** @description What it is bound to. */
            conditions: string[];
            /** @description By which rule. */
            basis: string;
            /** @description The papers. */
            papers: components["schemas"]["ServedPaper"][];
            /** @description The recipients. */
            recipients: components["schemas"]["ServiceRecipient"][];
        };
        /**
         * ServiceAct
         * @description What one act made.
         */
        ServiceAct: {
            /**
             * Format: uuid
             * @description The act.
             */
            act_id: string;
            /** @description Its services: papers that one rule lets go together. */
            services: components["schemas"]["Service"][];
        };
        /**
         * ServiceAddressView
         * @description An address as it stands.
         */
        ServiceAddressView: {
            /**
             * Format: uuid
             * @description Address.
             */
            id: string;
            /** @description Channel. */
            channel: string;
            /** @description Its name. */
            channel_name: string;
            /** @description Masked. */
            masked: string;
            /** @description confirmed, provided, identified_as_own, unknown. */
            standing: string;
            /** @description Its name. */
            standing_name: string;
            /** @description none, by_conduct, full. */
            consent: string;
            /**
             * Format: date-time
             * @description In doubt since: the gateway reports the number as off, absent or somebody else's. Nothing is sent there until it is
             *     confirmed anew.
             */
            doubtful_since?: string;
            /** @description Why. */
            doubtful_why?: components["schemas"]["NumberDoubt"] & unknown;
        };
        /**
         * ServiceAddresses
         * @description 送达地址确认.
         */
        ServiceAddresses: {
            /** @description Parties the viewer may see. */
            parties: components["schemas"]["PartyAddresses"][];
            /** @description What is explained before anybody ticks, and its version. */
            told: string;
            /** @description The same in English. */
            told_en: string;
            /** @description Version of these words. */
            told_version: string;
        };
        /**
         * ServiceAttempt
         * @description A sending.
         */
        ServiceAttempt: {
            /**
             * Format: uuid
             * @description Attempt.
             */
            id: string;
            /** @description The way. */
            channel: string;
            /** @description Its name. */
            channel_name: string;
            /** @description The address, masked. */
            masked?: string;
            /** @description service, simple_notice, companion. */
            purpose: string;
            /** @description How the address stood. */
            standing: string;
            /** @description The consent then. */
            consent: string;
            /**
             * Format: date-time
             * @description Sent.
             */
            started_at: string;
            /** @description 邮件号. */
            tracking?: string;
            /** @description Reports. */
            events: components["schemas"]["ServiceEvent"][];
            /** @description What became of it. */
            finding?: components["schemas"]["ServiceFinding"] & unknown;
            /** @description Reports in words nobody here knows; for the court's people. */
            unread: components["schemas"]["UnreadReport"][];
        };
        /**
         * ServiceCertificate
         * @description 送达凭证.
         */
        ServiceCertificate: {
            /**
             * Format: int32
             * @description Which one; the last holds.
             */
            n: number;
            /**
             * Format: uuid
             * @description The paper.
             */
            paper_id: string;
            /** @description What it says. */
            effect: string;
            /** @description 结果代码. */
            row_code: string;
            /**
             * Format: naive-date
             * @description 送达日.
             */
            served_day?: string;
            /**
             * Format: int32
             * @description Lines of the trail it is made from.
             */
            trail_n: number;
            /** @description The hash of the last of them. */
            trail_hash: string;
            /**
             * Format: date-time
             * @description Made.
             */
            issued_at: string;
        };
        /**
         * ServiceEvent
         * @description A report of a sending.
         */
        ServiceEvent: {
            /** @description What, as a stable word. */
            what: string;
            /** @description What. */
            name: string;
            /** @description What, in English. */
            name_en: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description Why it came back. */
            reason?: string;
        };
        /**
         * ServiceFinding
         * @description What became of a sending.
         */
        ServiceFinding: {
            /** @description 结果代码. */
            row: string;
            /** @description Served? */
            effect: string;
            /** @description 依据. */
            article: string;
            /** @description Why. */
            text: string;
            /** @description Why, in English. */
            text_en: string;
        };
        /**
         * ServiceLink
         * @description A message of service, to whoever holds it: nothing of case or party.
         */
        ServiceLink: {
            /** @description Court. */
            court_name: string;
            /**
             * Format: naive-date
             * @description The day it was sent.
             */
            sent_on: string;
            /** @description 已告知不是收件人. */
            disclaimed: boolean;
        };
        /**
         * ServiceLinkToken
         * @description The token of a message's link.
         */
        ServiceLinkToken: {
            /** @description Token. */
            token: string;
        };
        /**
         * ServiceNext
         * @description The next step of a recipient.
         */
        ServiceNext: {
            /** @description send, wait, remind, post, by_hand, public_notice, to_ordinary, decide_rebuttal, no_way_left, done. */
            step: string;
            /** @description Nothing before this. */
            until?: string;
            /** @description The ways open by hand. */
            ways: string[];
            /** @description Why. */
            why: string;
            /** @description Why, in English. */
            why_en: string;
            /** @description 依据. */
            article: string;
        };
        /**
         * ServiceOrder
         * @description 发起送达.
         */
        ServiceOrder: {
            /** @description The papers, in the order they are to be read. */
            papers: components["schemas"]["PaperChoice"][];
            /** @description The recipients. */
            recipients: components["schemas"]["RecipientChoice"][];
            /** @description Service when absent. */
            purpose?: components["schemas"]["ServicePurpose"] & unknown;
            /**
             * Format: uuid
             * @description Served anew because a paper was corrected.
             */
            corrects?: string;
        };
        /**
         * @description 送达的用途.
         * @enum {string}
         */
        ServicePurpose: "service" | "simple_notice";
        /**
         * ServiceRebuttal
         * @description 异议.
         */
        ServiceRebuttal: {
            /**
             * Format: uuid
             * @description Rebuttal.
             */
            id: string;
            /**
             * Format: uuid
             * @description Against which sending.
             */
            attempt_id: string;
            /** @description Ground. */
            ground: string;
            /** @description The recipient's words. */
            account: string;
            /** @description What goes with them, as leaves of the file. */
            leaves: string[];
            /** @description open, upheld, rejected. */
            state: string;
            /**
             * Format: date-time
             * @description Made.
             */
            filed_at: string;
            /**
             * Format: date-time
             * @description Decided.
             */
            decided_at?: string;
            /** @description Reasons. */
            reasons?: string;
        };
        /**
         * ServiceRecipient
         * @description 受送达人.
         */
        ServiceRecipient: {
            /**
             * Format: uuid
             * @description Recipient.
             */
            id: string;
            /**
             * Format: uuid
             * @description Party.
             */
            party_id: string;
            /** @description Name. */
            name: string;
            /** @description 诉讼地位. */
            role: string;
            /** @description State. */
            state: string;
            /** @description Served? */
            effect: string;
            /** @description Its name. */
            effect_name: string;
            /** @description Its name in English. */
            effect_name_en: string;
            /** @description 结果代码. */
            row_code?: string;
            /**
             * Format: date-time
             * @description Served.
             */
            served_at?: string;
            /**
             * Format: naive-date
             * @description 送达日.
             */
            served_day?: string;
            /**
             * Format: naive-date
             * @description The first day a period counts.
             */
            counts_from?: string;
            /** @description 依据. */
            article?: string;
            /** @description A rebuttal is open. */
            contested: boolean;
            /**
             * Format: date-time
             * @description The side sees it since.
             */
            announced_at?: string;
            /** @description What was tried. */
            attempts: components["schemas"]["ServiceAttempt"][];
            /** @description Rebuttals. */
            rebuttals: components["schemas"]["ServiceRebuttal"][];
            /** @description Certificates, oldest first. */
            certificates: components["schemas"]["ServiceCertificate"][];
            /** @description What comes next. */
            next: components["schemas"]["ServiceNext"] & unknown;
            /**
             * Format: int32
             * @description Version.
             */
            version: number;
        };
        /**
         * ServiceTask
         * @description A task of the desk.
         */
        ServiceTask: {
            /**
             * Format: uuid
             * @description Task.
             */
            id: string;
            /** @description call, post, by_hand, public_notice, to_ordinary, decide_rebuttal, no_way_left, paper_copy, check_number. */
            kind: string;
            /**
             * Format: uuid
             * @description Service.
             */
            service_id: string;
            /**
             * Format: uuid
             * @description Recipient.
             */
            recipient_id: string;
            /**
             * Format: uuid
             * @description Case.
             */
            case_id: string;
            /** @description 案号. */
            number: string;
            /** @description 受送达人. */
            party: string;
            /** @description The plan's own words of it: day, ways, address, conditions. */
            detail: unknown;
            /** @description Postal address, for the label. */
            address?: components["schemas"]["PostalLabel"] & unknown;
            /**
             * Format: date-time
             * @description Since.
             */
            since: string;
        };
        /**
         * @description 庭审类型: what may be held (互联网法庭使用指引 1, 网上开庭工作指南 1).
         * @enum {string}
         */
        SessionKind: "pretrial_meeting" | "evidence_exchange" | "inquiry" | "trial" | "mediation" | "pronouncement" | "questioning" | "arraignment" | "service";
        /**
         * SessionList
         * @description One's sessions.
         */
        SessionList: {
            /** @description Newest first. */
            items: components["schemas"]["SessionView"][];
        };
        /**
         * SessionView
         * @description 会话.
         */
        SessionView: {
            /**
             * Format: uuid
             * @description Id.
             */
            id: string;
            /** @description The one asking. */
            current: boolean;
            /**
             * Format: date-time
             * @description Start.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description Last use, to the minute.
             */
            last_seen_at: string;
            /**
             * Format: date-time
             * @description End at the latest.
             */
            expires_at: string;
            /** @description Browser. */
            user_agent: string;
            /** @description Address, its last part hidden. */
            ip_masked: string;
        };
        /**
         * SetOutOrder
         * @description 登记发出 on paper.
         */
        SetOutOrder: {
            /** @description post, direct, appointed_receiver, household_adult, entrusted, leave_service, public_notice. */
            channel: string;
            /**
             * Format: uuid
             * @description Of post: the address; the best one when absent.
             */
            address_id?: string;
            /** @description 邮件号. */
            tracking?: string;
            /** @description 公告媒体. */
            notice_medium?: string;
        };
        /**
         * SignIn
         * @description 登录.
         */
        SignIn: {
            /** @description Mobile number, ID number, licence number or credit code. */
            identifier: string;
            /** @description Password; this or `code`. */
            password?: string;
            /** @description One-time code sent to the account's mobile number. */
            code?: string;
            /** @description Code of the authenticator, where it is turned on. */
            totp?: string;
        };
        /**
         * SignUp
         * @description 注册.
         */
        SignUp: {
            /** @description Mobile number. */
            mobile: string;
            /** @description The code sent to it. */
            code: string;
            /** @description Password. */
            password: string;
            /** @description Standing. */
            standing: components["schemas"]["Standing"] & unknown;
            /** @description 姓名 (of the natural person who uses the account). */
            name: string;
            /** @description Kind of document. */
            id_type: components["schemas"]["IdType"] & unknown;
            /** @description Its number. */
            id_number: string;
            /** @description E-mail address. */
            email?: string;
            /** @description The organisation, for standing `organisation`. */
            organisation?: components["schemas"]["OrganisationClaim"] & unknown;
            /** @description The licence, for standing `lawyer` and `legal_worker`. */
            licence?: components["schemas"]["LicenceClaim"] & unknown;
        };
        /**
         * SignedLine
         * @description A line of what is read before signing.
         */
        SignedLine: {
            /** @description Section. */
            section: components["schemas"]["TranscriptSectionKey"] & unknown;
            /** @description 名称. */
            section_name: string;
            /** @description Who speaks. */
            speaker_name: string;
            /** @description Words. */
            text: string;
        };
        /**
         * @description 签署方式.
         * @enum {string}
         */
        SignedWay: "handwritten" | "typed" | "on_paper";
        /**
         * Signing
         * @description 签名的进度.
         */
        Signing: {
            /** @description transcript or agreement. */
            what: components["schemas"]["SigningWhat"] & unknown;
            /**
             * Format: int32
             * @description Version.
             */
            n?: number;
            /** @description Digest. */
            digest?: string;
            /** @description Its first signs, as people compare them. */
            fingerprint?: string;
            /** @description open (nothing to sign yet), signing or complete. */
            state: string;
            /**
             * Format: date-time
             * @description When the last one did.
             */
            complete_at?: string;
            /**
             * Format: date-time
             * @description Of an agreement: when it took effect.
             */
            effective_at?: string;
            /**
             * Format: uuid
             * @description Its paper, once it is sealed.
             */
            paper_id?: string;
            /** @description Who signs, in order. */
            signers: components["schemas"]["SigningSeat"][];
            /** @description What the caller signs. */
            mine?: components["schemas"]["SigningMine"] & unknown;
            /** @description The caller may show a code to sign with. */
            may_link: boolean;
            /** @description The caller may note a refusal or a paper. */
            may_note: boolean;
        };
        /**
         * SigningCode
         * @description A ticket and the code.
         */
        SigningCode: {
            /** @description Ticket. */
            ticket: string;
            /** @description Six digits. */
            code: string;
        };
        /**
         * SigningLink
         * @description A link, shown once.
         */
        SigningLink: {
            /** @description Address. */
            url: string;
            /** @description The same as a code to scan, SVG. */
            qr: string;
            /**
             * Format: date-time
             * @description Until when.
             */
            expires_at: string;
        };
        /**
         * SigningLinkOpened
         * @description Where a link leads.
         */
        SigningLinkOpened: {
            /** @description What the phone goes on with. */
            ticket: string;
            /**
             * Format: int32
             * @description Court.
             */
            court_id: number;
            /** @description Court's name. */
            court_name: string;
            /**
             * Format: uuid
             * @description Hearing.
             */
            hearing_id: string;
            /** @description 案号. */
            case_number: string;
            /** @description transcript or agreement. */
            what: components["schemas"]["SigningWhat"] & unknown;
            /** @description Who signs, masked. */
            name_masked: string;
            /** @description The number a code is sent to, masked; none: sign in instead. */
            mobile_masked?: string;
            /** @description To be compared with the clerk's screen. */
            fingerprint: string;
            /**
             * Format: date-time
             * @description Until when.
             */
            expires_at: string;
        };
        /**
         * SigningLinkWanted
         * @description For whom a link is made.
         */
        SigningLinkWanted: {
            /**
             * Format: uuid
             * @description Participant.
             */
            participant_id: string;
            /** @description What; the transcript when absent. */
            what?: components["schemas"]["SigningWhat"] & unknown;
        };
        /**
         * SigningMine
         * @description What the caller signs.
         */
        SigningMine: {
            /**
             * Format: uuid
             * @description Participant.
             */
            participant_id: string;
            /** @description To be sent back with the signature. */
            digest: string;
            /** @description whole or own. */
            part: string;
            /** @description How he or she stands. */
            standing: string;
            /**
             * Format: uuid
             * @description The check of identity it rests on; of the court's own people none is needed.
             */
            check_id?: string;
        };
        /**
         * SigningPaper
         * @description A signature on paper, scanned into the case file.
         */
        SigningPaper: {
            /**
             * Format: uuid
             * @description Who.
             */
            participant_id: string;
            /** @description What. */
            what: components["schemas"]["SigningWhat"] & unknown;
            /**
             * Format: uuid
             * @description The paper.
             */
            leaf_id: string;
        };
        /**
         * SigningRead
         * @description What is read before signing.
         */
        SigningRead: {
            /** @description What signs. */
            pass: string;
            /**
             * Format: date-time
             * @description Until when.
             */
            expires_at: string;
            /** @description To be sent back with the signature. */
            digest: string;
            /** @description Its first signs, as people compare them. */
            fingerprint: string;
            /** @description whole or own. */
            part: string;
            /** @description 首部. */
            header?: components["schemas"]["TranscriptHeader"] & unknown;
            /** @description Entries. */
            entries: components["schemas"]["SignedLine"][];
            /** @description Exhibits and what was said of them. */
            exhibits: string[];
            /** @description Refused corrections. */
            refused_corrections: string[];
            /** @description Of an agreement: its terms. */
            terms: string[];
        };
        /**
         * SigningRefusal
         * @description 拒绝签名, as the clerk notes it.
         */
        SigningRefusal: {
            /**
             * Format: uuid
             * @description Who.
             */
            participant_id: string;
            /** @description What. */
            what: components["schemas"]["SigningWhat"] & unknown;
            /** @description Why. */
            reason: string;
        };
        /**
         * SigningSeat
         * @description How one signer stands.
         */
        SigningSeat: {
            /**
             * Format: uuid
             * @description Participant.
             */
            participant_id: string;
            /** @description 席位. */
            plate: string;
            /** @description Name. */
            name: string;
            /** @description signed, refused, stale, due or waits. */
            standing: string;
            /** @description 名称. */
            standing_name: string;
            /**
             * Format: date-time
             * @description When.
             */
            at?: string;
            /** @description handwritten, typed or on_paper. */
            way?: components["schemas"]["SignedWay"] & unknown;
            /** @description Why refused; for the court. */
            refused?: string;
            /** @description The caller. */
            own: boolean;
        };
        /**
         * SigningTicket
         * @description A ticket.
         */
        SigningTicket: {
            /** @description Ticket. */
            ticket: string;
        };
        /**
         * SigningToken
         * @description A link that was scanned.
         */
        SigningToken: {
            /** @description Token. */
            token: string;
        };
        /**
         * @description 签署方式.
         * @enum {string}
         */
        SigningWay: "handwritten" | "typed";
        /**
         * @description What is signed.
         * @enum {string}
         */
        SigningWhat: "transcript" | "agreement" | "checksum";
        /**
         * SoftwareDoors
         * @description Doors for software, relative to `/api`.
         */
        SoftwareDoors: {
            /** @description A token of one hour (OAuth 2.0 client credentials). */
            token: string;
            /** @description What a program may be allowed. */
            scopes: components["schemas"]["ApiScope"][];
            /** @description Filing: a draft is made, filled, checked and sent. */
            file: string;
            /** @description What is served, over all courts; the address of a paper does not run out. */
            inbox: string;
            /** @description Services and periods as a calendar (RFC 5545), behind a secret address its owner makes. */
            calendar: string;
            /** @description Signed messages to an address of one's own. */
            webhooks: string;
            /** @description The whole document (OpenAPI). */
            document: string;
        };
        /**
         * Staff
         * @description 本院人员.
         */
        Staff: {
            /**
             * Format: uuid
             * @description The person.
             */
            person_id: string;
            /** @description 姓名. */
            name: string;
            /** @description Mobile number, masked. */
            mobile_masked: string;
            /** @description Roles at this court. */
            roles: components["schemas"]["Role"][];
            /** @description Of a mediator: the class. */
            mediator_class?: components["schemas"]["MediatorClass"] & unknown;
            /** @description How he or she stands here. */
            state: components["schemas"]["StaffState"] & unknown;
            /** @description The authenticator is turned on. */
            totp_enabled: boolean;
        };
        /**
         * StaffChange
         * @description 变更.
         */
        StaffChange: {
            /** @description The roles that are to be held at this court, all of them. */
            roles: components["schemas"]["StaffRole"][];
            /** @description The class of a mediator; mandatory with that role. */
            mediator_class?: components["schemas"]["MediatorClass"] & unknown;
            /** @description Suspended at this court. */
            suspended: boolean;
        };
        /**
         * StaffList
         * @description A page of people.
         */
        StaffList: {
            /** @description The people. */
            items: components["schemas"]["Staff"][];
            /** @description Ask with this for more. */
            next_cursor?: string;
        };
        /**
         * StaffOrder
         * @description 分案.
         */
        StaffOrder: {
            /**
             * Format: uuid
             * @description 承办法官.
             */
            judge?: string;
            /**
             * Format: uuid
             * @description 书记员.
             */
            clerk?: string;
            /**
             * Format: uuid
             * @description 审判长.
             */
            presiding?: string;
            /**
             * @description Why; asked for when a judge who sits is changed, and shown to the parties.
             * @default
             */
            reason: string;
        };
        /**
         * @description 可授予的角色.
         * @enum {string}
         */
        StaffRole: "judge" | "clerk" | "presiding_judge" | "court_admin" | "security_admin" | "auditor" | "technician" | "mediator";
        /**
         * @description How a colleague stands at a court.
         * @enum {string}
         */
        StaffState: "invited" | "active" | "suspended";
        /**
         * @description 身份.
         * @enum {string}
         */
        Standing: "natural" | "organisation" | "lawyer" | "legal_worker";
        /**
         * StateCount
         * @description How many are in a state.
         */
        StateCount: {
            /** @description State. */
            state: string;
            /**
             * Format: int64
             * @description How many.
             */
            n: number;
        };
        /**
         * StepOrder
         * @description A step, as pages and programs ask for it.
         */
        StepOrder: {
            /**
             * Format: int32
             * @description The version its page showed; over the socket it may be left out.
             */
            version?: number;
            /** @description Step. */
            step: components["schemas"]["StepWord"] & unknown;
            /**
             * @description Why; asked for by adjourn, suspend, begin_closed_part, begin_mediation, cancel, postpone, move_offline.
             * @default
             */
            reason: string;
            /** @description 环节: of enter. */
            stage?: string;
            /** @description How it ended: of end. */
            outcome?: string;
            /** @description Of begin_closed_part and begin_mediation: the recording goes on. */
            recorded?: boolean;
            /** @description Why an obstacle that may be set aside is set aside. */
            set_aside?: string;
        };
        /**
         * @description Every step a person takes; locking follows from the last signature.
         * @enum {string}
         */
        StepWord: "open_waiting" | "open" | "enter" | "adjourn" | "suspend" | "resume" | "begin_closed_part" | "begin_mediation" | "back_to_open" | "end" | "start_signing" | "reopen_transcript" | "close" | "cancel" | "postpone" | "move_offline";
        /**
         * StruckOrder
         * @description 停用地址.
         */
        StruckOrder: {
            /**
             * Format: uuid
             * @description Address.
             */
            address_id: string;
            /** @description Why: the number changed hands, the mailbox is another's, … */
            reason: string;
        };
        /**
         * Submission
         * @description Sending a draft.
         */
        Submission: {
            /**
             * @description Ids of warnings the filer confirms.
             * @default []
             */
            confirmed: string[];
            /**
             * @description Ids of blocks to be sent all the same, for a clerk to look at.
             * @default []
             */
            send_anyway: string[];
        };
        /**
         * SuspensionEnd
         * @description The end of 停表.
         */
        SuspensionEnd: {
            /**
             * Format: naive-date
             * @description Last day not counted.
             */
            until: string;
            /** @description In words. */
            reason: string;
        };
        /**
         * SuspensionOrder
         * @description 停表.
         */
        SuspensionOrder: {
            /** @description Why. */
            ground: components["schemas"]["Ground"] & unknown;
            /**
             * Format: naive-date
             * @description First day not counted.
             */
            from: string;
            /**
             * Format: naive-date
             * @description Last day not counted, where it is known.
             */
            until?: string;
            /** @description In words: the ruling, the appraisal. */
            reason: string;
        };
        /**
         * TaskDone
         * @description 完成一项任务.
         */
        TaskDone: {
            /** @description What came of it: reached, not_reached, given … */
            outcome: string;
            /**
             * @description What was said.
             * @default
             */
            note: string;
        };
        /**
         * TaskList
         * @description Tasks.
         */
        TaskList: {
            /** @description The longest waiting first. */
            items: components["schemas"]["ServiceTask"][];
        };
        /**
         * TemplateCheck
         * @description The check of a draft.
         */
        TemplateCheck: {
            /** @description It can be set. */
            ok: boolean;
            /** @description Where not. */
            faults: components["schemas"]["TemplateFault"][];
            /**
             * Format: int32
             * @description The draft's version now.
             */
            version: number;
        };
        /**
         * TemplateDraft
         * @description A new draft.
         */
        TemplateDraft: {
            /** @description typst source, at most 64 KiB. */
            source: string;
        };
        /**
         * TemplateFault
         * @description Where a source is at fault.
         */
        TemplateFault: {
            /**
             * Format: uint32
             * @description Line, from 1.
             */
            line: number;
            /** @description In the typesetter's words. */
            message: string;
        };
        /**
         * @description Which source a preview shows.
         * @enum {string}
         */
        TemplateOf: "draft" | "own" | "house";
        /**
         * TemplateReason
         * @description Why a template is published or withdrawn.
         */
        TemplateReason: {
            /** @description For the audit. */
            reason: string;
        };
        /**
         * @description How good.
         * @enum {string}
         */
        TestScore: "good" | "fair" | "poor";
        /**
         * @description What is tested.
         * @enum {string}
         */
        TestedItem: "camera" | "microphone" | "speaker" | "network" | "browser" | "rehearsal";
        /**
         * TokenOrder
         * @description 换取令牌 (RFC 6749 section 4.4.2). The credentials may also come as HTTP Basic.
         */
        TokenOrder: {
            /** @description `client_credentials`. */
            grant_type: string;
            /** @description The program's id. */
            client_id?: string;
            /** @description Its secret. */
            client_secret?: string;
            /** @description Scopes, joined by spaces; all of the program's when absent. */
            scope?: string;
        };
        /**
         * TotpCode
         * @description 动态口令.
         */
        TotpCode: {
            /** @description Six digits. */
            code: string;
        };
        /**
         * TotpSecret
         * @description 动态口令的密钥.
         */
        TotpSecret: {
            /** @description To type into an app. */
            secret: string;
            /** @description To show as a QR code. */
            otpauth_url: string;
        };
        /**
         * TranscriptAbsent
         * @description Somebody who did not come.
         */
        TranscriptAbsent: {
            /** @description Who. */
            who: string;
            /** @description Why. */
            reason: string;
        };
        /**
         * TranscriptAsker
         * @description Whose objection.
         */
        TranscriptAsker: {
            /**
             * Format: uuid
             * @description Participant.
             */
            participant_id: string;
            /** @description As the record prints it. */
            label: string;
        };
        /**
         * TranscriptAttendance
         * @description Who was there, as the clerk notes it.
         */
        TranscriptAttendance: {
            /**
             * Format: uuid
             * @description Participant.
             */
            participant_id: string;
            /** @description Stayed away. */
            absent: boolean;
            /**
             * @description Why.
             * @default
             */
            reason: string;
            /** @description Identity and authority as read out. */
            says?: string;
        };
        /**
         * TranscriptBegin
         * @description A new transcript.
         */
        TranscriptBegin: {
            /** @description Template; the hearing's own when absent. */
            template?: string;
            /**
             * @description The standing words of the order of a hearing are in it from the start.
             * @default true
             */
            opening_lines: boolean;
        };
        /**
         * TranscriptBench
         * @description A plate and a name.
         */
        TranscriptBench: {
            /** @description 席位. */
            plate: string;
            /** @description Name. */
            name: string;
        };
        /**
         * TranscriptChange
         * @description One change.
         */
        TranscriptChange: {
            /** @description What it does. */
            do: components["schemas"]["TranscriptDo"] & unknown;
            /**
             * Format: uuid
             * @description Entry; of a new one made by its writer.
             */
            id: string;
            /**
             * Format: uint32
             * @description The version it was made from.
             */
            version?: number;
            /**
             * Format: uuid
             * @description Behind which entry.
             */
            after?: string;
            /** @description Section. */
            section?: string;
            /**
             * Format: uuid
             * @description Who speaks: a participant.
             */
            speaker?: string;
            /** @description Words. */
            text?: string;
            /** @description When in the recording. */
            media?: components["schemas"]["TranscriptMedia"] & unknown;
            /**
             * @description Written by a machine.
             * @default false
             */
            unchecked: boolean;
        };
        /**
         * TranscriptChanged
         * @description Changes that were taken.
         */
        TranscriptChanged: {
            /**
             * Format: int64
             * @description The count after them.
             */
            rev: number;
            /** @description The entries they touched, as they now stand. */
            entries: components["schemas"]["TranscriptEntry"][];
        };
        /**
         * TranscriptChanges
         * @description Changes, taken together or not at all.
         */
        TranscriptChanges: {
            /** @description In order. */
            changes: components["schemas"]["TranscriptChange"][];
        };
        /**
         * @description What a change does.
         * @enum {string}
         */
        TranscriptDo: "insert" | "edit" | "strike" | "check" | "move";
        /**
         * TranscriptEntry
         * @description An entry.
         */
        TranscriptEntry: {
            /**
             * Format: uuid
             * @description Entry.
             */
            id: string;
            /**
             * Format: int64
             * @description Its place among the others.
             */
            position: number;
            /** @description Section. */
            section: components["schemas"]["TranscriptSectionKey"] & unknown;
            /**
             * Format: uuid
             * @description Who speaks.
             */
            speaker?: string;
            /** @description As it is printed. */
            speaker_name: string;
            /** @description Words. */
            text: string;
            /** @description When in the recording. */
            media?: components["schemas"]["TranscriptMedia"] & unknown;
            /** @description Written by a machine, and not yet checked. */
            unchecked: boolean;
            /**
             * Format: uint32
             * @description Counted from 1 with every change.
             */
            version: number;
            /** @description Taken out. */
            struck: boolean;
            /**
             * Format: date-time
             * @description When it last changed.
             */
            changed_at: string;
            /** @description By the caller. */
            changed_by_me: boolean;
            /**
             * Format: int64
             * @description The transcript's count at that change.
             */
            rev: number;
        };
        /**
         * TranscriptFix
         * @description 定稿.
         */
        TranscriptFix: {
            /**
             * Format: int64
             * @description The transcript's count its page showed.
             */
            rev: number;
            /**
             * @description 同时发起签名.
             * @default true
             */
            start_signing: boolean;
        };
        /**
         * TranscriptFixed
         * @description A version that is read and signed.
         */
        TranscriptFixed: {
            /**
             * Format: int32
             * @description Its number.
             */
            n: number;
            /** @description Digest. */
            digest: string;
            /** @description Its first signs, as people compare them. */
            fingerprint: string;
            /**
             * Format: date-time
             * @description When.
             */
            fixed_at: string;
        };
        /**
         * TranscriptHead
         * @description What the clerk notes for the head.
         */
        TranscriptHead: {
            /**
             * Format: int32
             * @description The version its page showed.
             */
            version: number;
            /** @description Another template. */
            template?: string;
            /** @description 地点. */
            place?: string;
            /**
             * @description Who was there.
             * @default []
             */
            attendance: components["schemas"]["TranscriptAttendance"][];
        };
        /**
         * TranscriptHeader
         * @description 首部.
         */
        TranscriptHeader: {
            /** @description 法院. */
            court: string;
            /** @description 标题. */
            title: string;
            /** @description 案号. */
            case_number: string;
            /** @description 案由. */
            cause: string;
            /**
             * Format: date-time
             * @description 开始时间.
             */
            opened_at?: string;
            /**
             * Format: date-time
             * @description 结束时间.
             */
            ended_at?: string;
            /** @description 地点, or platform. */
            place: string;
            /** @description 公开. */
            public: boolean;
            /** @description 不公开的理由. */
            closed_reason?: string;
            /** @description 审判人员、书记员. */
            bench: components["schemas"]["TranscriptBench"][];
            /** @description 当事人、代理人. */
            parties: components["schemas"]["TranscriptParty"][];
            /** @description 未到庭的人. */
            absent: components["schemas"]["TranscriptAbsent"][];
            /** @description 录音录像的间断. */
            interruptions: string[];
        };
        /**
         * TranscriptHistory
         * @description The history of an entry.
         */
        TranscriptHistory: {
            /** @description Oldest first. */
            revisions: components["schemas"]["TranscriptRevision"][];
        };
        /**
         * TranscriptImport
         * @description Plain text to be read into entries.
         */
        TranscriptImport: {
            /** @description Text. */
            text: string;
            /** @description Section of its first lines. */
            section?: string;
            /**
             * Format: uuid
             * @description Behind which entry.
             */
            after?: string;
        };
        /**
         * TranscriptMedia
         * @description Where in the recording.
         */
        TranscriptMedia: {
            /**
             * Format: uint32
             * @description Epoch of the recording.
             */
            epoch: number;
            /**
             * Format: uint64
             * @description Milliseconds from its beginning.
             */
            from_ms: number;
            /**
             * Format: uint64
             * @description Until.
             */
            until_ms: number;
        };
        /**
         * TranscriptObjection
         * @description 补正申请.
         */
        TranscriptObjection: {
            /**
             * Format: uuid
             * @description Objection.
             */
            id: string;
            /**
             * Format: uuid
             * @description Entry.
             */
            entry_id: string;
            /**
             * Format: int32
             * @description The version it was made on.
             */
            version: number;
            /**
             * Format: int32
             * @description First sign.
             */
            from: number;
            /** @description The words it is about. */
            quote: string;
            /** @description What should stand there. */
            text: string;
            /** @description Whose. */
            by: components["schemas"]["TranscriptAsker"] & unknown;
            /** @description The caller's own. */
            own: boolean;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description open, corrected, refused or withdrawn. */
            state: string;
            /** @description Why it was refused. */
            reason?: string;
            /**
             * Format: date-time
             * @description When it was answered.
             */
            answered_at?: string;
            /**
             * Format: uint32
             * @description Where the words are in the entry as it now stands.
             */
            now_at?: number;
        };
        /**
         * TranscriptOpen
         * @description What keeps it from being fixed.
         */
        TranscriptOpen: {
            /** @description field, section, unchecked or objections. */
            what: string;
            /** @description Which field. */
            name?: string;
            /** @description Which section. */
            section?: components["schemas"]["TranscriptSectionKey"] & unknown;
            /**
             * Format: uint32
             * @description How many.
             */
            count?: number;
            /** @description In words. */
            text: string;
            /** @description In English. */
            text_en: string;
        };
        /**
         * TranscriptParty
         * @description A party, or who acts for one.
         */
        TranscriptParty: {
            /** @description 席位. */
            plate: string;
            /** @description Name. */
            name: string;
            /** @description Identity and authority as read out. */
            says: string;
        };
        /**
         * TranscriptPiece
         * @description Part of a change.
         */
        TranscriptPiece: {
            /** @description kept, taken or put. */
            is: string;
            /** @description Words. */
            text: string;
        };
        /**
         * TranscriptReopen
         * @description 收回签名.
         */
        TranscriptReopen: {
            /** @description Why. */
            reason: string;
        };
        /**
         * TranscriptRevision
         * @description A version of an entry.
         */
        TranscriptRevision: {
            /**
             * Format: int32
             * @description Version.
             */
            version: number;
            /** @description Words. */
            text: string;
            /** @description Taken out by it. */
            struck: boolean;
            /** @description live or review. */
            phase: string;
            /** @description Whose, as the record names people; nobody of the hearing is left empty. */
            by: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /**
             * Format: uuid
             * @description The correction it answers.
             */
            objection_id?: string;
            /** @description What it changed. */
            pieces: components["schemas"]["TranscriptPiece"][];
        };
        /**
         * TranscriptSection
         * @description A section of the template.
         */
        TranscriptSection: {
            /** @description Word. */
            key: string;
            /** @description 名称. */
            name: string;
            /** @description Name in English. */
            name_en: string;
        };
        /**
         * @description 笔录的部分, in the order of the record.
         * @enum {string}
         */
        TranscriptSectionKey: "attendance" | "discipline" | "identity" | "rights" | "claims" | "defence" | "elements" | "evidence" | "testimony" | "questions" | "issues" | "debate" | "final_views" | "mediation" | "judgment" | "other";
        /**
         * TranscriptSpeaker
         * @description Somebody who may speak.
         */
        TranscriptSpeaker: {
            /**
             * Format: uuid
             * @description Participant.
             */
            participant_id: string;
            /** @description 席位. */
            plate: string;
            /** @description Name. */
            name: string;
            /** @description As the record prints it. */
            label: string;
            /** @description Was there. */
            attended: boolean;
            /** @description Identity and authority as read out. */
            says: string;
            /** @description Why not there. */
            absent_reason?: string;
        };
        /**
         * Transfer
         * @description 移送.
         */
        Transfer: {
            /**
             * Format: int32
             * @description To which court.
             */
            to_court_id: number;
            /** @description Its name. */
            to_court_name: string;
            /** @description Why. */
            reason: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
        };
        /**
         * TransferOrder
         * @description 移送.
         */
        TransferOrder: {
            /**
             * Format: int32
             * @description The other court.
             */
            to_court: number;
            /** @description Why. */
            reason: string;
        };
        /**
         * TravelOrder
         * @description 在途时间.
         */
        TravelOrder: {
            /**
             * Format: uuid
             * @description Which clock.
             */
            clock_id: string;
            /**
             * Format: int32
             * @description Days.
             */
            days: number;
            /** @description In words. */
            reason: string;
        };
        /**
         * UnreachedList
         * @description 电话名单.
         */
        UnreachedList: {
            /** @description The next hearing first. */
            items: components["schemas"]["UnreachedSeat"][];
        };
        /**
         * UnreachedSeat
         * @description Somebody nothing proves to have been reached.
         */
        UnreachedSeat: {
            /**
             * Format: uuid
             * @description Hearing.
             */
            hearing_id: string;
            /**
             * Format: uuid
             * @description Participant.
             */
            participant_id: string;
            /** @description 案号. */
            case_number: string;
            /**
             * Format: date-time
             * @description Begins.
             */
            starts_at: string;
            /** @description Role. */
            role: string;
            /** @description Name. */
            name: string;
            /** @description Number, masked. */
            mobile_masked?: string;
            /**
             * Format: int64
             * @description How often called.
             */
            tried: number;
            /** @description What became of the last message. */
            last_state?: string;
        };
        /**
         * UnreadReport
         * @description A report of an outside service whose word is not understood: kept as it came, and no part of any finding.
         */
        UnreadReport: {
            /** @description mail, national_platform, chat. */
            adapter: string;
            /** @description Its word. */
            word: string;
            /** @description What it says beside it. */
            reason?: string;
            /**
             * Format: date-time
             * @description When it came.
             */
            received_at: string;
        };
        /**
         * Upload
         * @description 续传中的文件.
         */
        Upload: {
            /**
             * Format: uuid
             * @description Id; the finished file has the same.
             */
            id: string;
            /** @description Name. */
            name: string;
            /**
             * Format: int64
             * @description Bytes of the whole.
             */
            size: number;
            /**
             * Format: int32
             * @description Bytes of each part but the last.
             */
            part_bytes: number;
            /**
             * Format: int32
             * @description Number of parts.
             */
            parts: number;
            /** @description Parts that are there: 1, 2, 3 … without a gap. Send the next one. */
            received: number[];
        };
        /**
         * UploadsTaken
         * @description 材料的格式.
         */
        UploadsTaken: {
            /** @description Media types. */
            types: string[];
            /**
             * Format: int64
             * @description Largest file, bytes.
             */
            max_bytes: number;
            /**
             * Format: int64
             * @description A file is sent in parts of this many bytes, each once, in any order of days: an upload goes on where it stopped.
             */
            part_bytes: number;
        };
        /**
         * VerifiedPaper
         * @description What the public may know of a paper.
         */
        VerifiedPaper: {
            /** @description 名称. */
            title: string;
            /** @description Kind. */
            kind: string;
            /** @description Court. */
            court_name: string;
            /** @description 案号 or 网立 number. */
            number?: string;
            /**
             * Format: date-time
             * @description Issued.
             */
            issued_at: string;
            /**
             * Format: int32
             * @description Pages.
             */
            pages?: number;
            /** @description SHA-256 of the PDF: compare with the file in hand. */
            sha256?: string;
            /** @description SM3 of the PDF. */
            sm3?: string;
            /** @description Parties, natural persons masked. */
            parties: string[];
            /** @description A newer paper took its place. */
            superseded: boolean;
            /** @description 电子印章. */
            seal: components["schemas"]["PaperSeal"] & unknown;
        };
        /**
         * @description 卷别.
         * @enum {string}
         */
        Volume: "main" | "secret";
        /**
         * Webhook
         * @description 通知地址.
         */
        Webhook: {
            /**
             * Format: uuid
             * @description Id.
             */
            hook_id: string;
            /** @description Address. */
            url: string;
            /** @description What it hears of. */
            topics: components["schemas"]["HookTopic"][];
            /** @description State. */
            state: components["schemas"]["HookState"] & unknown;
            /** @description Why it is paused: `gone` (it answered 410) or `failing` (for three days). */
            paused_reason?: string;
            /**
             * Format: date-time
             * @description Since when nothing got through.
             */
            failing_since?: string;
            /**
             * Format: date-time
             * @description Made.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description Last success.
             */
            last_delivered_at?: string;
        };
        /**
         * WebhookOrder
         * @description 新地址.
         */
        WebhookOrder: {
            /** @description https address. */
            url: string;
            /** @description Topics; `ping` needs no asking. */
            topics: components["schemas"]["HookTopic"][];
        };
        /**
         * Webhooks
         * @description A person's addresses.
         */
        Webhooks: {
            /** @description Newest first. */
            items: components["schemas"]["Webhook"][];
            /**
             * Format: uint32
             * @description How many one person may have.
             */
            most: number;
        };
        /**
         * WechatNotification
         * @description 微信支付通知 (APIv3): the resource is encrypted; the answer says it was taken.
         */
        WechatNotification: {
            /** @description The notification's id. */
            id: string;
            /** @description Kind, such as `TRANSACTION.SUCCESS`. */
            event_type: string;
            /** @description What it holds, encrypted. */
            resource: components["schemas"]["WechatResource"] & unknown;
        };
        /**
         * WechatResource
         * @description The encrypted part.
         */
        WechatResource: {
            /** @description `AEAD_AES_256_GCM`. */
            algorithm: string;
            /** @description Base64. */
            ciphertext: string;
            /** @description Nonce. */
            nonce: string;
            /** @description Authenticated beside it. */
            associated_data: string;
        };
        /**
         * @description How a bar that must be weighed stands.
         * @enum {string}
         */
        WeighedIs: "raised" | "found" | "dismissed";
        /**
         * WhereaboutsOrder
         * @description 下落不明.
         */
        WhereaboutsOrder: {
            /** @description How it was found. */
            basis: string;
        };
        /**
         * Withdrawal
         * @description 撤回.
         */
        Withdrawal: {
            /** @description Why, when the filer said so. */
            reason?: string;
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
        };
        /**
         * WithdrawalOrder
         * @description 撤回同意.
         */
        WithdrawalOrder: {
            /**
             * Format: uuid
             * @description Party.
             */
            party_id: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
