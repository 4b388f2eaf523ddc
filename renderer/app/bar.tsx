import { Pin, Power, Search, Settings, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Icon, IconButton } from '../ui/controls.tsx';
import { activateStudy, closeStudy, goTo, keepStudy } from './actions.ts';
import { type OpenStudy, useApp } from './app-store.ts';
import { client } from './client.ts';
import { runCommand } from './commands.ts';
import { useT } from './language.ts';
import { Logo } from './logo.tsx';
import { stripeColour } from './stripes.ts';

/** The 40 px bar: brand, pages, a tab per open study, the palette, language and settings. */
export function Bar() {
  const t = useT();
  const page = useApp((state) => state.page.kind);
  const open = useApp((state) => state.openStudies);
  return (
    <header className="bar">
      <div className="brand">
        <Logo />
        Candela
      </div>
      <nav className="row" aria-label={t('app.pages')} style={{ alignItems: 'stretch', flex: 'none' }}>
        <button
          type="button"
          className="nav"
          aria-current={page === 'studies' ? 'page' : undefined}
          onClick={() => goTo({ kind: 'studies' })}
        >
          {t('app.studies')}
        </button>
        <button
          type="button"
          className="nav"
          aria-current={page === 'reading' ? 'page' : undefined}
          onClick={() => goTo({ kind: 'reading' })}
        >
          {t('app.reading')}
        </button>
      </nav>
      <nav className="tabs" aria-label={t('app.openStudies')}>
        {open.map((study) => (
          <Tab key={study.studyKey} study={study} isShown={page === 'reading'} />
        ))}
      </nav>
      <div className="bar-right">
        <button
          type="button"
          className="cmdk"
          onClick={() => runCommand('app.palette')}
          aria-label={t('app.findAction')}
        >
          <Icon of={Search} size={16} />
          <span className="grow">{t('app.findAction')}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <button
          type="button"
          className="ib lang"
          aria-label={t('app.switchLanguage')}
          data-tip={t('app.switchLanguage')}
          onClick={() => runCommand('app.language')}
        >
          {t('app.languageShort')}
        </button>
        <IconButton
          icon={Settings}
          name={t('app.settings')}
          className={page === 'settings' ? 'on' : ''}
          onClick={() => goTo({ kind: 'settings' })}
        />
        {client().shell === 'browser' && (
          <IconButton icon={Power} name={t('command.quit')} onClick={() => runCommand('app.quit')} />
        )}
      </div>
    </header>
  );
}

function Tab({ study, isShown }: { readonly study: OpenStudy; readonly isShown: boolean }) {
  const t = useT();
  const isActive = useApp((state) => state.activeStudyKey === study.studyKey) && isShown;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isActive) return;
    const show = (): void => box.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    show();
    addEventListener('resize', show);
    return () => removeEventListener('resize', show);
  }, [isActive]);
  return (
    <div
      ref={box}
      className={`tab${isActive ? ' on' : ''}`}
      data-tip={`${study.name} ${study.words}`}
      style={{ '--c': stripeColour(study.stripe) }}
    >
      <button
        type="button"
        className="tab-name"
        aria-current={isActive ? 'true' : undefined}
        onClick={() => activateStudy(study.studyKey)}
        onAuxClick={(event) => event.button === 1 && closeStudy(study.studyKey)}
      >
        <b>{study.name}</b>
        <span className="off sm">{study.words}</span>
      </button>
      {(isActive || study.isKept) && (
        <IconButton
          icon={Pin}
          iconSize={14}
          className="pin"
          name={t('app.keepTab')}
          isOn={study.isKept}
          onClick={() => keepStudy(study.studyKey)}
        />
      )}
      <IconButton
        icon={X}
        iconSize={14}
        name={t('app.closeTab', { name: study.name })}
        onClick={() => closeStudy(study.studyKey)}
      />
    </div>
  );
}
