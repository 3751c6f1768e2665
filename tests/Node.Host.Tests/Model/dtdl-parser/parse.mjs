// Reads {"name": [interfaces…], …} from standard input and writes {"name": null or what Microsoft's parser has against it, …}.
import { text } from 'node:stream/consumers';
import { getInterop } from '@digicatapult/dtdl-parser';

const models = JSON.parse(await text(process.stdin));
const parser = await getInterop();
const verdicts = {};
for (const [name, model] of Object.entries(models)) {
  try {
    const objects = JSON.parse(parser.parse(JSON.stringify(model)));
    verdicts[name] = Object.keys(objects).length > 0 ? null : 'the parser found nothing';
  } catch (refusal) {
    verdicts[name] = String(refusal.message ?? refusal);
  }
}
process.stdout.write(JSON.stringify(verdicts), () => process.exit(0));
