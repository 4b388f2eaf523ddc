import { Check, Radio, RotateCw, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CallOutput } from '../../../core/contract/index.ts';
import type { ReceiverStatus } from '../../../core/contract/network.ts';
import { formatBytes } from '../../../core/terms/format.ts';
import { formatMoment, momentOf } from '../../../core/terms/format-date.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { useApp } from '../../app/app-store.ts';
import { client } from '../../app/client.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { showProblem } from '../../app/messages.ts';
import { readStatus } from '../../app/receiver.ts';
import { Button, Tag } from '../../ui/controls.tsx';
import { changeReceiver } from './network-changes.ts';
import { ReceiverLimits } from './receiver-limits.tsx';
import { ReceiverRows } from './receiver-rows.tsx';
import { SettingRow } from './setting-row.tsx';

/** The receiver: what it does now, what to enter at a device, who is connected, who was turned away, its settings. */
export function ReceiverGroup() {
  useEffect(() => void readStatus(), []);
  const status = useApp((state) => state.receiver);
  return (
    <>
      <StateCard status={status} />
      <ReceiverRows />
      {status && <Connections status={status} />}
      {status && <Refusals status={status} />}
      <ReceiverLimits />
    </>
  );
}

function StateCard({ status }: { readonly status: ReceiverStatus | null }) {
  const t = useT();
  const language = useLanguage();
  const isEnabled = useApp((state) => state.settings.network.receiver.enabled);
  const restart = async () => {
    const result = await client().call('receiver.restart', {});
    if (result.ok) useApp.setState({ receiver: result.value });
    else showProblem(result.problem);
  };
  if (!isEnabled) {
    return (
      <div className="card">
        <SettingRow name={t('network.receiver.enabled')} hint={t('network.receiver.enabledHint')}>
          <Button tone="primary" icon={Radio} onClick={() => changeReceiver({ enabled: true })}>
            {t('network.receiver.start')}
          </Button>
        </SettingRow>
      </div>
    );
  }
  const found = status?.problem && problemText(language, status.problem);
  return (
    <div className="card">
      <SettingRow
        name={t('network.state')}
        hint={status ? t('network.received', { n: status.received }) : t('network.state.starting')}
      >
        <div className="row set-gap">
          <StateTag status={status} />
          {status?.state === 'failed' && (
            <Button size="small" icon={RotateCw} onClick={() => void restart()}>
              {t('network.retry')}
            </Button>
          )}
          <Button size="small" tone="quiet" onClick={() => changeReceiver({ enabled: false })}>
            {t('network.receiver.stop')}
          </Button>
        </div>
      </SettingRow>
      {found && <div className="note danger set-note">{found.told}</div>}
      <Addresses />
    </div>
  );
}

function StateTag({ status }: { readonly status: ReceiverStatus | null }) {
  const t = useT();
  if (!status || status.state === 'starting') return <Tag>{t('network.state.starting')}</Tag>;
  if (status.state === 'failed') {
    return (
      <Tag tone="danger" icon={TriangleAlert}>
        {t('network.state.failed')}
      </Tag>
    );
  }
  if (status.state === 'off') return <Tag>{t('network.state.off')}</Tag>;
  const n = status.associations.length;
  return (
    <Tag tone={n > 0 ? 'acc' : 'ok'} icon={n > 0 ? Radio : Check}>
      {n > 0 ? t('network.state.receiving', { n }) : t('network.state.listening')}
    </Tag>
  );
}

/** What a modality has to be told, ready to be read out. */
function Addresses() {
  const t = useT();
  const { aeTitle, port, tlsPort, address } = useApp((state) => state.settings.network.receiver);
  const [found, setFound] = useState<CallOutput<'receiver.addresses'>>([]);
  useEffect(() => {
    void client()
      .call('receiver.addresses', {})
      .then((result) => setFound(result.ok ? result.value : []));
  }, []);
  // Who listens on every IPv4 address does not answer on the machine's IPv6 addresses.
  const reachable = address === '::' ? found : found.filter((one) => !one.address.includes(':'));
  const shown = address === '127.0.0.1' ? [{ address, name: 'lo' }] : reachable;
  return (
    <SettingRow name={t('network.receiver.tell')} hint={t('network.receiver.tellHint')}>
      <div className="net-tell selectable">
        {shown.length === 0 && <span className="off">{t('network.receiver.noAddress')}</span>}
        {shown.map((one) => (
          <div key={one.address} data-tip={one.name}>
            <b>{aeTitle}</b> · {one.address} · {port}
            {tlsPort !== null && ` (TLS ${tlsPort})`}
          </div>
        ))}
      </div>
    </SettingRow>
  );
}

function Connections({ status }: { readonly status: ReceiverStatus }) {
  const t = useT();
  return (
    <div className="card">
      <div className="ch">
        <h2 className="grow">{t('network.connections')}</h2>
      </div>
      {status.associations.length === 0 ? (
        <p className="cap set-pad">{t('network.noConnections')}</p>
      ) : (
        <table className="audit net-table">
          <thead>
            <tr>
              <th>{t('network.device')}</th>
              <th>{t('network.addressColumn')}</th>
              <th>{t('network.since')}</th>
              <th className="num">{t('network.objects')}</th>
              <th className="num">{t('network.size')}</th>
            </tr>
          </thead>
          <tbody className="selectable">
            {status.associations.map((one) => (
              <tr key={one.associationId}>
                <td>{one.aeTitle}</td>
                <td className="nowrap">
                  {one.address} {one.encrypted && <Tag tone="ok">{t('network.encrypted')}</Tag>}
                </td>
                <td className="nowrap">{formatMoment(momentOf(new Date(one.startedAtMs)), true)}</td>
                <td className="num">{one.received}</td>
                <td className="num">{formatBytes(one.bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function Refusals({ status }: { readonly status: ReceiverStatus }) {
  const t = useT();
  const language = useLanguage();
  return (
    <div className="card">
      <div className="ch">
        <h2 className="grow">{t('network.refusals')}</h2>
      </div>
      {status.refusals.length === 0 ? (
        <p className="cap set-pad">{t('network.noRefusals')}</p>
      ) : (
        <table className="audit net-table">
          <thead>
            <tr>
              <th>{t('network.when')}</th>
              <th>{t('network.device')}</th>
              <th>{t('network.addressColumn')}</th>
              <th>{t('network.why')}</th>
            </tr>
          </thead>
          <tbody className="selectable">
            {status.refusals.map((one) => {
              const { sentence, advice } = problemText(language, one.problem);
              return (
                <tr key={`${one.atMs} ${one.address} ${one.aeTitle}`}>
                  <td className="nowrap">{formatMoment(momentOf(new Date(one.atMs)), true)}</td>
                  <td>{one.aeTitle}</td>
                  <td className="nowrap">{one.address}</td>
                  <td className="net-why">
                    {sentence} <span className="dim">{advice}</span>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </div>
  );
}
