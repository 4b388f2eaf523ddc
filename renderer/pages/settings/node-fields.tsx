import type { ReactNode } from 'react';
import type { Certificate, RemoteNode } from '../../../core/contract/network.ts';
import { useT } from '../../app/language.ts';
import { Segmented } from '../../ui/controls.tsx';
import { asksPasscode, asksUser, needsSecret } from './node-draft.ts';

interface FieldsProps {
  readonly node: RemoteNode;
  readonly wrong: ReadonlySet<keyof RemoteNode>;
  /** Null: as it was. */
  readonly secret: string | null;
  readonly isSecretKept: boolean;
  /** What it must give when it calls us; null: as it was. */
  readonly callerPasscode: string | null;
  readonly isPasscodeKept: boolean;
  readonly certificates: readonly Certificate[];
  onChange(changes: Partial<RemoteNode>): void;
  onSecret(text: string): void;
  onCallerPasscode(text: string): void;
}

export function NodeFields(props: FieldsProps) {
  const { node, onChange } = props;
  const t = useT();
  return (
    <div className="node-fields">
      <Line label={t('nodes.name')}>
        <TextField {...props} field="name" isFirst />
      </Line>
      <Line label={t('nodes.protocol')}>
        <Segmented
          name={t('nodes.protocol')}
          choices={[
            { value: 'dimse', label: 'DICOM' },
            { value: 'web', label: 'DICOMweb' },
          ]}
          value={node.protocol}
          onChange={(protocol) => onChange({ protocol })}
        />
      </Line>
      {node.protocol === 'dimse' ? <DimseFields {...props} /> : <WebFields {...props} />}
      {needsSecret(node) && (
        <Line label={t(secretName(node))}>
          <SecretField
            name={t(secretName(node))}
            text={props.secret}
            isKept={props.secret === null && props.isSecretKept}
            onChange={props.onSecret}
          />
        </Line>
      )}
      {node.protocol === 'dimse' && <CallerFields {...props} />}
      <CertificateField {...props} />
      <Line label={t('nodes.goodFor')}>
        <div className="node-checks">
          <Check {...props} field="canQuery" />
          <Check {...props} field="canReceive" />
          {node.protocol === 'dimse' && (
            <>
              <Check {...props} field="maySend" />
              <Check {...props} field="hasWorklist" />
              <Check {...props} field="commits" />
            </>
          )}
        </div>
      </Line>
    </div>
  );
}

function DimseFields(props: FieldsProps) {
  const { node, wrong, onChange } = props;
  const t = useT();
  return (
    <>
      <Line label={t('nodes.aeTitle')}>
        <TextField {...props} field="aeTitle" />
      </Line>
      <Line label={t('nodes.address')}>
        <TextField {...props} field="host" placeholder="192.168.1.20" />
        <span className={`field node-port${wrong.has('port') ? ' bad' : ''}`}>
          <input
            type="text"
            inputMode="numeric"
            aria-label={t('nodes.port')}
            value={Number.isNaN(node.port) ? '' : String(node.port)}
            onChange={(event) => onChange({ port: Number.parseInt(event.target.value, 10) })}
          />
        </span>
        <label className="check">
          <input
            type="checkbox"
            checked={node.tls}
            onChange={(event) => onChange({ tls: event.target.checked })}
          />
          TLS
        </label>
      </Line>
      <Line label={t('nodes.retrieveBy')} hint={t(`nodes.retrieveHint.${node.retrieveBy}`)}>
        <Segmented
          name={t('nodes.retrieveBy')}
          choices={[
            { value: 'get', label: 'C-GET' },
            { value: 'move', label: 'C-MOVE' },
          ]}
          value={node.retrieveBy}
          onChange={(retrieveBy) => onChange({ retrieveBy })}
        />
      </Line>
      <Line label={t('nodes.queryRoot')}>
        <Segmented
          name={t('nodes.queryRoot')}
          choices={[
            { value: 'study', label: t('nodes.queryRoot.study') },
            { value: 'patient', label: t('nodes.queryRoot.patient') },
          ]}
          value={node.queryRoot}
          onChange={(queryRoot) => onChange({ queryRoot })}
        />
      </Line>
      <Line label={t('nodes.identity')}>
        <Choice
          name={t('nodes.identity')}
          value={node.identity}
          choices={['none', 'name', 'password', 'jwt'] as const}
          label={(choice) => t(`nodes.identity.${choice}`)}
          onChange={(identity) => onChange({ identity })}
        />
        {(node.identity === 'name' || node.identity === 'password') && (
          <TextField {...props} field="user" placeholder={t('nodes.user')} />
        )}
      </Line>
    </>
  );
}

/** Who the station must say that it is when it calls us. */
function CallerFields(props: FieldsProps) {
  const { node, callerPasscode, onChange } = props;
  const t = useT();
  return (
    <>
      <Line label={t('nodes.callerIdentity')} hint={t(`nodes.callerHint.${node.callerIdentity}`)}>
        <Choice
          name={t('nodes.callerIdentity')}
          value={node.callerIdentity}
          choices={['receiver', 'none', 'name', 'password'] as const}
          label={(choice) => t(`nodes.callerIdentity.${choice}`)}
          onChange={(callerIdentity) => onChange({ callerIdentity })}
        />
        {asksUser(node) && <TextField {...props} field="callerUser" placeholder={t('nodes.callerUser')} />}
      </Line>
      {asksPasscode(node) && (
        <Line label={t('nodes.callerPasscode')}>
          <SecretField
            name={t('nodes.callerPasscode')}
            text={callerPasscode}
            isKept={callerPasscode === null && props.isPasscodeKept}
            onChange={props.onCallerPasscode}
          />
        </Line>
      )}
    </>
  );
}

function WebFields(props: FieldsProps) {
  const { node, onChange } = props;
  const t = useT();
  return (
    <>
      <Line label={t('nodes.url')} hint={t('nodes.urlHint')}>
        <TextField {...props} field="url" placeholder="https://pacs/dicom-web" />
      </Line>
      <Line label={t('nodes.authentication')}>
        <Choice
          name={t('nodes.authentication')}
          value={node.authentication}
          choices={['none', 'basic', 'bearer', 'oauth', 'certificate'] as const}
          label={(choice) => t(`nodes.authentication.${choice}`)}
          onChange={(authentication) => onChange({ authentication })}
        />
        {node.authentication === 'basic' && (
          <TextField {...props} field="user" placeholder={t('nodes.user')} />
        )}
        {node.authentication === 'oauth' && (
          <TextField {...props} field="user" label="nodes.clientId" placeholder={t('nodes.clientId')} />
        )}
      </Line>
      {node.authentication === 'oauth' && (
        <Line label={t('nodes.tokenUrl')}>
          <TextField {...props} field="tokenUrl" placeholder="https://login/token" />
          <TextField {...props} field="scope" placeholder={t('nodes.scope')} />
        </Line>
      )}
    </>
  );
}

/** Which of our certificates is shown to the station, where it asks for one. */
function CertificateField({ node, certificates, onChange }: FieldsProps) {
  const t = useT();
  const own = certificates.filter(({ kind }) => kind === 'own');
  const isEncrypted = node.protocol === 'dimse' ? node.tls : node.url.startsWith('https:');
  if (!isEncrypted || own.length === 0) return null;
  return (
    <Line label={t('nodes.certificate')}>
      <select
        className="field"
        aria-label={t('nodes.certificate')}
        value={node.certificateId ?? ''}
        onChange={(event) => onChange({ certificateId: event.target.value || null })}
      >
        <option value="">{t('nodes.noCertificate')}</option>
        {own.map(({ certificateId, subject }) => (
          <option key={certificateId} value={certificateId}>
            {subject}
          </option>
        ))}
      </select>
    </Line>
  );
}

/** Never shows what is kept. */
function SecretField({
  name,
  text,
  isKept,
  onChange,
}: {
  readonly name: string;
  readonly text: string | null;
  readonly isKept: boolean;
  onChange(text: string): void;
}) {
  const t = useT();
  return (
    <span className="field">
      <input
        type="password"
        autoComplete="off"
        aria-label={name}
        placeholder={t(isKept ? 'nodes.secretKept' : 'nodes.secretNew')}
        value={text ?? ''}
        onChange={(event) => onChange(event.target.value)}
      />
    </span>
  );
}

function Line({
  label,
  hint,
  children,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="node-row">
      <span className="node-label">{label}</span>
      <div className="grow">
        <div className="row node-inputs">{children}</div>
        {hint && <div className="d">{hint}</div>}
      </div>
    </div>
  );
}

function secretName({ protocol, identity, authentication }: RemoteNode) {
  if (protocol === 'dimse') return identity === 'jwt' ? 'nodes.secret.token' : 'nodes.secret.password';
  if (authentication === 'oauth') return 'nodes.secret.client';
  return authentication === 'bearer' ? 'nodes.secret.token' : 'nodes.secret.password';
}

type TextName = 'name' | 'aeTitle' | 'host' | 'url' | 'user' | 'callerUser' | 'tokenUrl' | 'scope';

function TextField({
  node,
  wrong,
  field,
  label,
  placeholder,
  isFirst,
  onChange,
}: FieldsProps & {
  readonly field: TextName;
  readonly label?: 'nodes.clientId';
  readonly placeholder?: string;
  readonly isFirst?: boolean;
}) {
  const t = useT();
  // What is still empty is not called wrong while it is being filled in.
  const isBad = wrong.has(field) && node[field] !== '';
  return (
    <span className={`field grow${isBad ? ' bad' : ''}`}>
      <input
        type="text"
        spellCheck={false}
        autoComplete="off"
        aria-label={t(label ?? `nodes.${field}`)}
        aria-invalid={isBad}
        placeholder={placeholder}
        maxLength={field === 'aeTitle' ? 16 : undefined}
        data-first-focus={isFirst ? '' : undefined}
        value={node[field]}
        onChange={(event) => onChange({ [field]: event.target.value })}
      />
    </span>
  );
}

function Choice<T extends string>({
  name,
  value,
  choices,
  label,
  onChange,
}: {
  readonly name: string;
  readonly value: T;
  readonly choices: readonly T[];
  label(choice: T): string;
  onChange(choice: T): void;
}) {
  return (
    <select
      className="field"
      aria-label={name}
      value={value}
      onChange={(event) => {
        const choice = choices.find((one) => one === event.target.value);
        if (choice) onChange(choice);
      }}
    >
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {label(choice)}
        </option>
      ))}
    </select>
  );
}

type CheckName = 'canQuery' | 'canReceive' | 'maySend' | 'hasWorklist' | 'commits';

function Check({ node, field, onChange }: FieldsProps & { readonly field: CheckName }) {
  const t = useT();
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={node[field]}
        onChange={(event) => onChange({ [field]: event.target.checked })}
      />
      {t(`nodes.${field}`)}
    </label>
  );
}
