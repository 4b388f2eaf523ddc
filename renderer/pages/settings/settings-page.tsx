export function SettingsPage(_: { readonly group?: string }) { return null; }
