export function ReceiptPage(_: { readonly receiptId: string }) { return null; }
