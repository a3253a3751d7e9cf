-- 全省庭审看板: how the lines of a room are. The province counts them by room; who is in a private room is not even counted.
create policy province_reads on hearing_presence for select using (app_scope() = 'province' and place <> 'private_room');
