// Writes tests/oracles/vnpay_vectors.json: what the npm package vnpay 2.5.0 (MIT) signs and accepts.
// Run where that package is installed: npm install --no-save vnpay@2.5.0 && node tests/oracles/vnpay.mjs > tests/oracles/vnpay_vectors.json
import { VNPay } from 'vnpay';
import { buildPaymentUrlSearchParams, calculateSecureHash } from 'vnpay/utils';

const SECRET = 'SECRETKEYFORTEST0123456789ABCDEF';
const MERCHANT = 'DEMOTMN1';
const peer = new VNPay({
  tmnCode: MERCHANT, secureSecret: SECRET, vnpayHost: 'https://bank.test', queryDrAndRefundHost: 'https://bank.test',
  testMode: false, hashAlgorithm: 'SHA512', enableLog: false,
});
const hashed = (data) => calculateSecureHash({ secureSecret: SECRET, data, hashAlgorithm: 'SHA512', bufferEncode: 'utf-8' });

let state = 20251120;
const random = (below) => { state = (state * 1103515245 + 12345) % 2147483648; return Math.floor((state / 2147483648) * below); };
const pick = (list) => list[random(list.length)];

const purposes = [
  'Nop phi le phi ho so H13.2-251120-0001', 'Nop phi ho so 000.00.01.H13-251120-9999', 'A  B', 'x.y_z-1',
  'Nộp phí hồ sơ Cần Thơ', 'a+b=c&d?e/f:g;h@i,j$k#l%m', '(ngoac) "kep" \'don\' [vuong] {nhon}', 'mot|hai\\ba^bon`nam',
];
const orders = [];
for (let number = 0; number < 60; number += 1) {
  const order = {
    vnp_Amount: 1 + random(10 ** (1 + random(12))), vnp_IpAddr: pick(['127.0.0.1', '2001:db8::1', '10.0.0.255']),
    vnp_TxnRef: `R${number}${random(1e9)}`, vnp_OrderInfo: pick(purposes), vnp_OrderType: '250000',
    vnp_ReturnUrl: pick(['https://example.test/thanh-toan/vnpay/tro-ve', 'http://127.0.0.1:8500/a/b?c=d e']),
    vnp_Locale: pick(['vn', 'en']), vnp_CreateDate: 20251120093000 + random(50), vnp_ExpireDate: 20251120094500 + random(50),
    ...(random(3) ? {} : { vnp_BankCode: 'NCB' }),
  };
  orders.push({ order, url: peer.buildPaymentUrl(order) });
}

const words = [];
for (let number = 0; number < 60; number += 1) {
  const said = {
    vnp_Amount: String(100 * (1 + random(1e9))), vnp_BankCode: 'NCB', vnp_BankTranNo: random(2) ? `VNP${random(1e8)}` : '',
    vnp_CardType: pick(['ATM', 'QRCODE']), vnp_OrderInfo: pick(purposes), vnp_PayDate: '20251120093512',
    vnp_ResponseCode: pick(['00', '07', '24', '51']), vnp_TmnCode: MERCHANT, vnp_TransactionNo: String(random(1e8)),
    vnp_TransactionStatus: pick(['00', '02']), vnp_TxnRef: `R${number}`,
  };
  const signed = { ...said, vnp_SecureHash: hashed(buildPaymentUrlSearchParams(said).toString()) };
  const changed = random(2) ? signed : { ...signed, vnp_Amount: `${signed.vnp_Amount}00` };
  words.push({ word: changed, genuine: peer.verifyIpnCall({ ...changed }).isVerified });
}

const questions = [];
let sent;
let reply;
globalThis.fetch = async (url, request) => { sent = JSON.parse(request.body); return { ok: true, status: 200, json: async () => reply(sent) }; };
const answers = [];
const answered = (names, extra) => (question) => {
  const said = Object.fromEntries(names.map((name) => [name, '']));
  Object.assign(said, {
    vnp_ResponseId: 'r1', vnp_Command: question.vnp_Command, vnp_ResponseCode: '00', vnp_Message: 'Success', vnp_TmnCode: MERCHANT,
    vnp_TxnRef: String(question.vnp_TxnRef), vnp_Amount: '7500000', vnp_BankCode: 'NCB', vnp_PayDate: '20251120093512',
    vnp_TransactionNo: '14000001', vnp_TransactionType: '01', vnp_TransactionStatus: '00', vnp_OrderInfo: 'Tra cuu', ...extra,
  });
  said.vnp_SecureHash = hashed(names.map((name) => said[name]).join('|'));
  return said;
};
const REFUND = ['vnp_ResponseId', 'vnp_Command', 'vnp_ResponseCode', 'vnp_Message', 'vnp_TmnCode', 'vnp_TxnRef', 'vnp_Amount',
  'vnp_BankCode', 'vnp_PayDate', 'vnp_TransactionNo', 'vnp_TransactionType', 'vnp_TransactionStatus', 'vnp_OrderInfo'];
const QUERY = [...REFUND, 'vnp_PromotionCode', 'vnp_PromotionAmount'];
for (let number = 0; number < 10; number += 1) {
  const common = {
    vnp_RequestId: `q${number}`, vnp_TxnRef: `R${number}`, vnp_OrderInfo: pick(purposes), vnp_TransactionDate: 20251120093000,
    vnp_CreateDate: 20251120100000 + number, vnp_IpAddr: '127.0.0.1', vnp_TransactionNo: 14000000 + number,
  };
  reply = answered(QUERY);
  const found = await peer.queryDr(common);
  questions.push(sent);
  answers.push({ answer: reply(sent), genuine: found.isVerified });
  reply = answered(REFUND, { vnp_Amount: '' }); // the peer divides the sum by 100 before it checks the hash
  const refunded = await peer.refund({ ...common, vnp_TransactionType: pick(['02', '03']), vnp_Amount: 75000 + number, vnp_CreateBy: 'p1', vnp_Locale: 'vn' });
  questions.push(sent);
  answers.push({ answer: reply(sent), genuine: refunded.isVerified });
}
process.stdout.write(`${JSON.stringify({ merchant: MERCHANT, secret: SECRET, orders, words, questions, answers }, null, 1)}\n`);
