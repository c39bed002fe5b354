"""Words that go with a link: templates for e-mail, SMS and chat, in the customer's language and time zone."""
