import { describe, expect, it } from 'vitest'
import { activationAnswer } from '../../../src/adapters/engines/activation-answer.ts'
import { answerOf } from '../../../src/adapters/engines/deploy-rs/answer.ts'
import { classify } from '../../../src/adapters/engines/deploy-rs/classify.ts'
import type { EngineTask } from '../../../src/ports/engine.ts'
import { predicted, unknown } from '../../../src/model/host/nixos-system.ts'
import type { HostSettings } from '../../../src/model/plan/plan-schema.ts'
import { compareInhibitors } from '../../../src/pipeline/compare/diff/inhibitors.ts'
import { inhibitorNotes, inhibitorRefusals, settingsFor } from '../../../src/pipeline/plan/inhibitors.ts'
import { changed, sampleDiff, samplePlan, sampleSettings } from '../../rig/samples/plan.ts'

const inhibitors = [{ name: 'dbus-implementation', from: 'dbus', to: 'broker' }]

describe('switch inhibitors', () => {
  const of = (values: Readonly<Record<string, string>>) => predicted(new Map(Object.entries(values)))

  it('differ where both sides have one with another value', () => {
    expect(compareInhibitors(of({ a: '1', b: '1' }), of({ a: '2', b: '1' }))).toEqual([
      { name: 'a', from: '1', to: '2' },
    ])
  })

  it('stop nobody where one is added or removed', () => {
    expect(compareInhibitors(of({ a: '1' }), of({ b: '1' }))).toEqual([])
    expect(compareInhibitors(of({}), of({ a: '1' }))).toEqual([])
    expect(compareInhibitors(of({ a: '1' }), of({}))).toEqual([])
  })

  it('are not known where one side is not', () => {
    expect(compareInhibitors(unknown('x'), of({}))).toBeNull()
  })
})

describe('a host whose switch inhibitor changes', () => {
  const diff = sampleDiff({ inhibitors })
  const planned = (more: Partial<HostSettings>) => {
    const written = sampleSettings('web', more)
    const settings = settingsFor(written, diff)
    const body = samplePlan({ web: { ...changed('web', diff), settings } }).body
    return {
      mode: settings.mode,
      notes: inhibitorNotes(written, settings, diff).map(({ code, severity }) => `${severity} ${code}`),
      refused: inhibitorRefusals(body.hosts, new Set(['web'])).map(({ code, host }) => `${host} ${code}`),
    }
  }
  const refused = { notes: [], refused: ['web plan/inhibited'] }

  it('is refused before apply starts', () => {
    expect(planned({})).toEqual({ mode: 'switch', ...refused })
    expect(planned({ reboot: 'when-needed' })).toEqual({ mode: 'switch', ...refused })
  })

  it('is activated at the next boot where that is allowed', () => {
    expect(planned({ onInhibitors: 'boot' })).toEqual({
      mode: 'boot',
      notes: ['warning plan/boots-instead'],
      refused: [],
    })
  })

  it('is nothing special where the next boot was meant anyway', () => {
    expect(planned({ mode: 'boot' })).toEqual({ mode: 'boot', notes: [], refused: [] })
  })

  it('is refused with mode: test, which sets nothing for the next boot', () => {
    expect(planned({ mode: 'test', onInhibitors: 'boot' })).toEqual({ mode: 'test', ...refused })
  })

  it('holds up no host outside the selection, and none where nothing is known', () => {
    const body = samplePlan({ web: changed('web', diff), db: changed('db', sampleDiff({ inhibitors: null })) }).body
    expect(inhibitorRefusals(body.hosts, new Set(['db']))).toEqual([])
  })
})

describe('a switch that NixOS refuses all the same', () => {
  const said = ['There are changes to critical components of the system:', 'Pre-switch checks failed']
  const inhibited = { how: 'refused', failure: { code: 'activate/inhibited' } }
  const task = { settings: sampleSettings('web') } as EngineTask

  it('has changed nothing where the host went back to what it runs', () => {
    expect(activationAnswer(1, [...said, 'fleet: rolling back to /nix/store/x'], task)).toMatchObject(inhibited)
    expect(activationAnswer(1, said, task)).toMatchObject({ how: 'failed' })
  })

  it('has changed nothing with deploy-rs, though the last generation has no script of its own', () => {
    const log = [
      '[deploy] [INFO] Activating profile `system` for node `web`',
      '[activate] [INFO] Activating profile',
      ...said,
      '[activate] [WARN] De-activating due to error',
      '[activate] [ERROR] There was an error de-activating after an error was encountered: Failed to run command for re-activating the last generation: No such file or directory (os error 2)',
    ].join('\n')
    const verdict = classify(log, { how: 'exited', code: 1 })
    expect(answerOf({ verdict, stopped: null, mayHaveChanged: true, isLeft: false }, 30, true, [])).toMatchObject(
      inhibited,
    )
  })
})
