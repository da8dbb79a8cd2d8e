// Is the document on standard input OpenAPI 3.1? Run in web/, where the validator is installed.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
const require = createRequire(join(process.cwd(), 'package.json'));
const { Validator } = await import(pathToFileURL(require.resolve('@seriousme/openapi-schema-validator')));

const validator = new Validator();
const { valid, errors } = await validator.validate(JSON.parse(readFileSync(0, 'utf8')));
if (!valid) console.log(JSON.stringify(errors, null, 1));
if (valid && validator.version !== '3.1') console.log(`OpenAPI ${validator.version}`);
process.exit(valid && validator.version === '3.1' ? 0 : 1);
