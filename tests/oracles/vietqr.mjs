// Writes tests/oracles/vietqr_vectors.json: what the npm package vietnam-qr-pay 1.5.1 (MIT) builds.
// Run where that package is installed: npm install --no-save vietnam-qr-pay@1.5.1 && node tests/oracles/vietqr.mjs > tests/oracles/vietqr_vectors.json
import qr from 'vietnam-qr-pay';

const { QRPay } = qr;
let state = 20261122;
const random = (below) => { state = (state * 1103515245 + 12345) % 2147483648; return Math.floor((state / 2147483648) * below); };
const pick = (list) => list[random(list.length)];
const letters = (most, from) => Array.from({ length: 6 + random(most - 5) }, () => pick(from)).join('');

const codes = [];
for (let number = 0; number < 80; number += 1) {
  const asked = {
    bank: pick(['970415', '970436', '970418', '970405', '970422', '970407']),
    number: letters(19, [...'0123456789']),
    amount: random(4) ? 1 + random(10 ** (1 + random(12))) : null,
    purpose: random(3) ? letters(50, [...'ABCXYZabcxyz0123456789 .-']).trim() : '',
  };
  const built = QRPay.initVietQR({
    bankBin: asked.bank, bankNumber: asked.number,
    ...(asked.amount ? { amount: String(asked.amount) } : {}), ...(asked.purpose ? { purpose: asked.purpose } : {}),
  });
  const payload = built.build();
  codes.push({ ...asked, payload, read_again: new QRPay(payload).isValid });
}
process.stdout.write(`${JSON.stringify({ codes }, null, 1)}\n`);
