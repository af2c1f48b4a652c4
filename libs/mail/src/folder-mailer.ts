import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { uuidv7 } from '#core';
import { messageOf, type Mail } from './mail.js';
import { Mailer } from './mailer.js';

/**
 * Into a folder, one `.eml` per mail, oldest first by name: for whoever has no mail server. They carry
 * links that open accounts, so they are for the owner's eyes only.
 */
export class FolderMailer extends Mailer {
  private readonly transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

  constructor(
    private readonly directory: string,
    private readonly from: string,
  ) {
    super();
  }

  async send(mail: Mail): Promise<void> {
    const { message } = await this.transport.sendMail(messageOf(mail, this.from));
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const file = join(this.directory, `${uuidv7()}.eml`);
    // Named at the end, so that nobody reads half of one.
    await writeFile(`${file}.part`, message as Buffer, { mode: 0o600 });
    await rename(`${file}.part`, file);
  }

  close(): void {
    this.transport.close();
  }
}
