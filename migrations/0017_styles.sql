-- 文书样式: how a court's own papers look. A version in force is one row without an end; drafts are kept apart.
-- A paper wears what was in force when it was issued: setting it again gives the same bytes.

create table paper_styles (
  court_id     int not null references courts,
  template     text not null,
  version      int not null,
  source       text not null,
  reason       text not null,
  published_at timestamptz not null,
  published_by uuid not null,
  by_name      text not null,
  ended_at     timestamptz,
  end_reason   text,
  fault        text,                             -- what went wrong with a real paper, which was then set by the house's own
  fault_at     timestamptz,
  primary key (court_id, template, version)
);
call wall_court('paper_styles');
create policy party_seat on paper_styles as restrictive using (app_seat() is distinct from 'party');
create unique index paper_styles_in_force on paper_styles (court_id, template) where ended_at is null;

create table paper_style_drafts (
  court_id   int not null references courts,
  template   text not null,
  source     text not null,
  version    int not null,
  changed_at timestamptz not null,
  changed_by uuid not null,
  primary key (court_id, template)
);
call wall_court('paper_style_drafts');
create policy party_seat on paper_style_drafts as restrictive using (app_seat() is distinct from 'party');
grant delete on paper_style_drafts to lianting_app;
