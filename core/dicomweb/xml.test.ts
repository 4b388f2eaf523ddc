/** The Native DICOM Model: PS3.19's words for what the JSON model says. dcm2xml is asked in tests/integration/dicomweb-xml.test.ts. */
import { describe, expect, it } from 'vitest';
import { type JsonDataset, jsonText } from './json-write.ts';
import { xmlOfDataset } from './xml-write.ts';

const inside = (dataset: JsonDataset): string =>
  xmlOfDataset(dataset).replace(/^[\s\S]*?<NativeDicomModel[^>]*>|<\/NativeDicomModel>\n$/g, '');

describe('the Native DICOM Model', () => {
  it('is one document in its name space, which keeps its spaces', () => {
    expect(xmlOfDataset({})).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM" xml:space="preserve">' +
        '</NativeDicomModel>\n',
    );
  });

  it('has names by their components, in three groups', () => {
    const dataset = {
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Wang^XiaoDong^^Dr.', Ideographic: '王^小東' }, null] },
    };
    expect(inside(dataset)).toBe(
      '<DicomAttribute vr="PN" tag="00100010" keyword="PatientName"><PersonName number="1">' +
        '<Alphabetic><FamilyName>Wang</FamilyName><GivenName>XiaoDong</GivenName><NamePrefix>Dr.</NamePrefix></Alphabetic>' +
        '<Ideographic><FamilyName>王</FamilyName><GivenName>小東</GivenName></Ideographic></PersonName>' +
        '<PersonName number="2"></PersonName></DicomAttribute>',
    );
  });

  it('says whose private elements are, and not in which block', () => {
    const dataset = {
      '20010010': { vr: 'LO', Value: ['Philips'] },
      '200110FE': { vr: 'LO', Value: ['a'] },
      '200111FE': { vr: 'LO', Value: ['b'] },
    };
    expect(inside(dataset)).toBe(
      '<DicomAttribute vr="LO" tag="20010010"><Value number="1">Philips</Value></DicomAttribute>' +
        '<DicomAttribute vr="LO" tag="200100FE" privateCreator="Philips"><Value number="1">a</Value></DicomAttribute>' +
        '<DicomAttribute vr="LO" tag="200111FE"><Value number="1">b</Value></DicomAttribute>',
    );
  });

  it('has items, empty values, bytes and addresses', () => {
    const dataset = {
      '00081140': { vr: 'SQ', Value: [{} as JsonDataset, { '00080060': { vr: 'CS' } }] },
      '00200032': { vr: 'DS', Value: [1.5, null, -2] },
      '00282000': { vr: 'OB', InlineBinary: 'AAE=' },
      '7FE00010': { vr: 'OW', BulkDataURI: 'http://h/a?b&c' },
    };
    expect(inside(dataset)).toBe(
      '<DicomAttribute vr="SQ" tag="00081140" keyword="ReferencedImageSequence"><Item number="1"></Item>' +
        '<Item number="2"><DicomAttribute vr="CS" tag="00080060" keyword="Modality"></DicomAttribute></Item></DicomAttribute>' +
        '<DicomAttribute vr="DS" tag="00200032" keyword="ImagePositionPatient"><Value number="1">1.5</Value>' +
        '<Value number="2"></Value><Value number="3">-2</Value></DicomAttribute>' +
        '<DicomAttribute vr="OB" tag="00282000" keyword="ICCProfile"><InlineBinary>AAE=</InlineBinary></DicomAttribute>' +
        '<DicomAttribute vr="OW" tag="7FE00010" keyword="PixelData"><BulkData uri="http://h/a?b&amp;c"/></DicomAttribute>',
    );
  });

  it('survives whatever stands in a text', () => {
    const text = `<&>"'\r\n\t\u001b\u0000\ud83d\ude00\ud83d \ude00\uffff]]>`;
    expect(inside({ '00104000': { vr: 'LT', Value: [text] } })).toContain(
      `>&lt;&amp;&gt;&quot;'&#13;&#10;&#9;\ufffd\ufffd\ud83d\ude00\ufffd \ufffd\ufffd]]&gt;<`,
    );
  });

  it('like the JSON model, has tags in ascending order, also those that look like an index', () => {
    const dataset = {
      '20010010': { vr: 'LO', Value: ['Philips'] },
      '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
      '00081140': { vr: 'SQ', Value: [{ '20010010': { vr: 'LO' }, '00080060': { vr: 'CS', Value: ['"'] } }] },
      '00081115': { vr: 'SQ' },
    };
    const text = jsonText(dataset);
    expect(JSON.parse(text)).toEqual(dataset);
    const order = (words: string, form: RegExp) => [...words.matchAll(form)].map(([, tag]) => tag);
    const wanted = ['00080005', '00081115', '00081140', '00080060', '20010010', '20010010'];
    expect(order(text, /"([0-9A-F]{8})":/g)).toEqual(wanted);
    expect(order(inside(dataset), /tag="([0-9A-F]{8})"/g)).toEqual(wanted);
  });
});
