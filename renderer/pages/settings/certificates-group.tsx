import { Download, FileUp, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Certificate } from '../../../core/contract/network.ts';
import { formatDicomDate } from '../../../core/terms/format-date.ts';
import { client } from '../../app/client.ts';
import { useT } from '../../app/language.ts';
import { showProblem } from '../../app/messages.ts';
import { Button, IconButton, Tag } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { copyText } from '../studies/study-actions.ts';
import { pemFault } from './pem-fault.ts';
import { useCertificates } from './use-certificates.ts';

const warnMs = 30 * 86_400_000;

/** Our certificate, ready to be given away, and those of others that are believed. */
export function CertificatesGroup() {
  const t = useT();
  const { list, take } = useCertificates();
  const [isImporting, setImporting] = useState(false);
  const parts = [
    { title: t('certificates.own'), none: '', rows: list.filter(({ kind }) => kind === 'own') },
    {
      title: t('certificates.trusted'),
      none: t('certificates.noneTrusted'),
      rows: list.filter(({ kind }) => kind === 'authority'),
    },
  ];
  return (
    <>
      {parts.map(({ title, none, rows }) => (
        <div key={title} className="card">
          <div className="ch">
            <h2 className="grow">{title}</h2>
            <Button size="small" icon={Plus} onClick={() => setImporting(true)}>
              {t('certificates.import')}
            </Button>
          </div>
          {rows.length === 0 && <p className="cap set-pad">{none}</p>}
          {rows.map((one) => (
            <CertificateLine key={one.certificateId} certificate={one} onTake={take} />
          ))}
        </div>
      ))}
      {isImporting && <ImportDialog onTake={take} onClose={() => setImporting(false)} />}
    </>
  );
}

function CertificateLine({
  certificate,
  onTake,
}: {
  readonly certificate: Certificate;
  onTake(list: readonly Certificate[]): void;
}) {
  const t = useT();
  const { certificateId, subject, issuer, notAfterMs, sha256, kind, isDefault } = certificate;
  const leftMs = notAfterMs - Date.now();
  const until = t('certificates.until', { date: dayOf(notAfterMs) });
  const give = async () => {
    const result = await client().call('certificates.export', { certificateId });
    if (result.ok) await copyText(result.value.pem);
    else showProblem(result.problem);
  };
  const remove = async () => {
    const result = await client().call('certificates.delete', { certificateId });
    if (result.ok) onTake(result.value);
    else showProblem(result.problem);
  };
  return (
    <div className="st">
      <div className="grow">
        <div className="t">
          {subject} {isDefault && <Tag tone="acc">{t('certificates.inUse')}</Tag>}
        </div>
        <div className="d">
          {issuer === subject ? t('certificates.selfSigned') : t('certificates.by', { issuer })} · {until}
        </div>
        <div className="d selectable cert-print">SHA-256 {sha256}</div>
      </div>
      {leftMs < warnMs && (
        <Tag tone={leftMs < 0 ? 'danger' : 'warn'}>
          {t(leftMs < 0 ? 'certificates.expired' : 'certificates.soon')}
        </Tag>
      )}
      {kind === 'own' && (
        <Button size="small" icon={Download} onClick={() => void give()}>
          {t('certificates.copyPem')}
        </Button>
      )}
      <IconButton
        icon={Trash2}
        iconSize={16}
        name={t('certificates.delete', { subject })}
        onClick={() => void remove()}
      />
    </div>
  );
}

function dayOf(ms: number): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  return formatDicomDate(`${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`);
}

/** PEM texts, pasted or from files; a key beside the certificate makes it ours. */
function ImportDialog({ onTake, onClose }: { onTake(list: readonly Certificate[]): void; onClose(): void }) {
  const t = useT();
  const [pem, setPem] = useState('');
  const [key, setKey] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const fault = pemFault(pem);
  const save = async () => {
    const result = await client().call('certificates.import', {
      pem,
      ...(key.trim() !== '' && { key }),
      ...(passphrase !== '' && { passphrase }),
    });
    if (!result.ok) return void showProblem(result.problem);
    onTake(result.value);
    onClose();
  };
  return (
    <Dialog
      title={t('certificates.import')}
      closeName={t('nodes.cancel')}
      className="node-dlg"
      onClose={onClose}
    >
      <form
        className="node-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div className="node-fields">
          <p className="cap">{t('certificates.importHint')}</p>
          <PemField label={t('certificates.pem')} value={pem} isFirst onChange={setPem} />
          {fault && (
            <p className="note warn" role="alert">
              {t(`certificates.fault.${fault}`)}
            </p>
          )}
          <PemField label={t('certificates.key')} value={key} onChange={setKey} />
          {key.trim() !== '' && (
            <div className="node-row">
              <span className="node-label">{t('certificates.passphrase')}</span>
              <span className="field grow">
                <input
                  type="password"
                  autoComplete="off"
                  aria-label={t('certificates.passphrase')}
                  value={passphrase}
                  onChange={(event) => setPassphrase(event.target.value)}
                />
              </span>
            </div>
          )}
        </div>
        <footer className="dlg-foot">
          <span className="grow" />
          <Button onClick={onClose}>{t('nodes.cancel')}</Button>
          <Button tone="primary" type="submit" disabled={pem.trim() === '' || fault !== null}>
            {t('certificates.take')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

function PemField({
  label,
  value,
  isFirst,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly isFirst?: boolean;
  onChange(text: string): void;
}) {
  const t = useT();
  return (
    <div className="node-row">
      <span className="node-label">{label}</span>
      <div className="grow">
        <textarea
          className="field cert-pem"
          spellCheck={false}
          aria-label={label}
          data-first-focus={isFirst ? '' : undefined}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
        <label className="btn small cert-file">
          <FileUp size={16} strokeWidth={1.5} aria-hidden="true" />
          {t('certificates.file')}
          <input
            type="file"
            accept=".pem,.crt,.cer,.key"
            onChange={(event) => {
              const [file] = event.target.files ?? [];
              if (file) void file.text().then(onChange);
            }}
          />
        </label>
      </div>
    </div>
  );
}
