-- 庭上调解的录制: that a mediation is recorded is asked of everybody in its own right (在线诉讼规则 Art 8).
alter table hearing_acks drop constraint hearing_acks_what_check;
alter table hearing_acks add constraint hearing_acks_what_check
  check (what in ('discipline', 'oath', 'mediation', 'mediation_recording', 'recording_replaces_transcript'));
