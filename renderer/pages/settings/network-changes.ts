import type {
  NetworkLimits,
  NetworkSettings,
  ReceiverSettings,
} from '../../../core/contract/network-settings.ts';
import { useApp } from '../../app/app-store.ts';
import { changeSettings } from '../../app/settings-sync.ts';

/** Each changes one part of the network's settings and leaves the others as they are. */
export function changeNetwork(changes: Partial<NetworkSettings>): void {
  changeSettings({ network: { ...useApp.getState().settings.network, ...changes } });
}

export const changeReceiver = (changes: Partial<ReceiverSettings>): void =>
  changeNetwork({ receiver: { ...useApp.getState().settings.network.receiver, ...changes } });

export const changeLimits = (changes: Partial<NetworkLimits>): void =>
  changeNetwork({ limits: { ...useApp.getState().settings.network.limits, ...changes } });
