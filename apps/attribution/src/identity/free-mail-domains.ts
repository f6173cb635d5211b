/** Domains at which anybody can have an address, of the large providers of the world: two people there need not know each other. */
export const freeMailDomains: ReadonlySet<string> = new Set([
  'gmail.com', 'googlemail.com', 'outlook.com', 'outlook.de', 'outlook.fr', 'hotmail.com', 'hotmail.co.uk', 'hotmail.de', 'hotmail.fr', 'hotmail.it',
  'hotmail.es', 'live.com', 'live.co.uk', 'live.de', 'live.fr', 'live.nl', 'msn.com', 'passport.com', 'yahoo.com', 'yahoo.co.uk', 'yahoo.co.in',
  'yahoo.co.jp', 'yahoo.com.br', 'yahoo.de', 'yahoo.es', 'yahoo.fr', 'yahoo.it', 'ymail.com', 'rocketmail.com', 'aol.com', 'aol.de', 'aim.com',
  'icloud.com', 'me.com', 'mac.com', 'proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me', 'tutanota.com', 'tutanota.de', 'tuta.io', 'tuta.com',
  'gmx.com', 'gmx.de', 'gmx.net', 'gmx.at', 'gmx.ch', 'gmx.fr', 'web.de', 't-online.de', 'freenet.de', 'arcor.de', 'posteo.de', 'mailbox.org',
  'bluewin.ch', 'orange.fr', 'wanadoo.fr', 'free.fr', 'laposte.net', 'sfr.fr', 'neuf.fr', 'libero.it', 'virgilio.it', 'alice.it', 'tin.it',
  'telefonica.net', 'terra.com.br', 'uol.com.br', 'bol.com.br', 'ziggo.nl', 'kpnmail.nl', 'telenet.be', 'skynet.be', 'seznam.cz', 'email.cz',
  'centrum.cz', 'wp.pl', 'o2.pl', 'onet.pl', 'interia.pl', 'mail.ru', 'inbox.ru', 'list.ru', 'bk.ru', 'yandex.ru', 'yandex.com', 'ya.ru', 'rambler.ru',
  'ukr.net', 'abv.bg', 'qq.com', 'foxmail.com', '163.com', '126.com', 'yeah.net', 'sina.com', 'sina.cn', 'sohu.com', 'naver.com', 'hanmail.net',
  'daum.net', 'rediffmail.com', 'btinternet.com', 'sky.com', 'talktalk.net', 'virginmedia.com', 'comcast.net', 'verizon.net', 'att.net', 'sbcglobal.net',
  'bellsouth.net', 'cox.net', 'charter.net', 'earthlink.net', 'rogers.com', 'shaw.ca', 'sympatico.ca', 'bigpond.com', 'optusnet.com.au', 'xtra.co.nz',
  'zoho.com', 'zohomail.com', 'fastmail.com', 'hey.com', 'mail.com', 'email.com', 'usa.com', 'hushmail.com', 'inbox.com', 'mailinator.com',
]);
