import { Plus, UserMinus } from 'lucide-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { MemberOut, MemberRole, ProjectOut } from '@/api/generated'
import { addMember, changeMember, membersQuery, removeMember } from '@/api/projects'
import { Avatar } from '@/components/Avatar'
import { Button, IconButton } from '@/components/Button'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { ErrorLine, messageOf } from '@/components/ErrorState'
import { Input, Select } from '@/components/Field'
import { showToast } from '@/components/toast'
import { Ago } from '@/components/Value'
import { ListFrame } from './ListFrame'
import { text } from './text'

const ROLES: readonly MemberRole[] = ['viewer', 'preparer', 'reviewer', 'approver', 'owner']

/** Who works in the project, in which role. Owners change it. */
export function MemberList({ project }: { project: ProjectOut }) {
  const list = useQuery(membersQuery(project.id))
  const members = list.data ?? []
  const isOwner = project.role === 'owner'
  return (
    <div className="flex flex-col gap-4">
      {isOwner && <AddMember projectId={project.id} />}
      <ListFrame query={list} isEmpty={false} empty={null}>
        <ul>
          {members.map((member) => (
            <MemberLine key={member.user_id} member={member} projectId={project.id} isOwner={isOwner} />
          ))}
        </ul>
      </ListFrame>
    </div>
  )
}

function useMembersChanged(projectId: string) {
  const queries = useQueryClient()
  return () => void queries.invalidateQueries({ queryKey: membersQuery(projectId).queryKey })
}

function MemberLine({ member, projectId, isOwner }: { member: MemberOut; projectId: string; isOwner: boolean }) {
  const onChanged = useMembersChanged(projectId)
  const [isAsking, setIsAsking] = useState(false)
  const change = useMutation({
    mutationFn: (role: MemberRole) => changeMember(projectId, member.user_id, { role }),
    onError: (error) => showToast(messageOf(error), { tone: 'error' }),
    onSettled: onChanged,
  })
  const remove = useMutation({ mutationFn: () => removeMember(projectId, member.user_id), onSuccess: onChanged })
  return (
    <li className="flex min-h-13 items-center gap-3 border-b border-line px-4 py-2 last:border-b-0">
      <Avatar name={member.name} />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-13 font-medium">{member.name}</span>
        <span className="block truncate text-12 text-muted">{member.email}</span>
      </span>
      <span className="text-12 text-muted max-tablet:hidden">
        {text.joined} <Ago time={member.joined_at} />
      </span>
      {isOwner ? (
        <>
          <div className="w-36">
            <Select
              label={`${text.memberRole}: ${member.name}`}
              isLabelHidden
              value={change.isPending ? change.variables : member.role}
              onChange={(event) => change.mutate(event.target.value as MemberRole)}
            >
              {ROLES.map((role) => (
                <option key={role} value={role}>
                  {text.roles[role]}
                </option>
              ))}
            </Select>
          </div>
          <IconButton icon={UserMinus} label={`${text.remove}: ${member.name}`} onClick={() => setIsAsking(true)} />
          <ConfirmDialog
            isOpen={isAsking}
            title={text.removeTitle(member.name)}
            verb={text.remove}
            isBusy={remove.isPending}
            error={remove.error}
            onConfirm={() => remove.mutate()}
            onClose={() => setIsAsking(false)}
          >
            {member.email}
          </ConfirmDialog>
        </>
      ) : (
        <span className="text-13 text-soft">{text.roles[member.role]}</span>
      )}
    </li>
  )
}

function AddMember({ projectId }: { projectId: string }) {
  const onChanged = useMembersChanged(projectId)
  const add = useMutation({ mutationFn: (body: { email: string; role: MemberRole }) => addMember(projectId, body), onSuccess: onChanged })
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const values = new FormData(form)
    add.mutate(
      { email: String(values.get('email')).trim(), role: String(values.get('role')) as MemberRole },
      { onSuccess: () => form.reset() },
    )
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <div className="flex flex-wrap items-end gap-2">
        <div className="min-w-64 flex-1">
          <Input label={text.memberEmail} name="email" type="email" required autoComplete="off" />
        </div>
        <div className="w-36">
          <Select label={text.memberRole} name="role" defaultValue="reviewer">
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {text.roles[role]}
              </option>
            ))}
          </Select>
        </div>
        <Button type="submit" icon={Plus} isBusy={add.isPending} className="h-9">
          {text.addMember}
        </Button>
      </div>
      <ErrorLine error={add.error} />
    </form>
  )
}
